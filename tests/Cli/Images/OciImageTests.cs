using System.Security.Cryptography;
using System.Text.Json;
using Dweb.Cli.Images;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Tests.Images;

public sealed class OciImageTests
{
    private static readonly EvmAddress Publisher = EvmAddress.Parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    private static readonly Hash32 Components = Image.ComponentsHashOf(500, 20, [new Edge(Keccak256.Hash("lib"), 80)]);
    private static readonly Layer Content = new([1, 2, 3], new string('a', 64));

    [Fact]
    public void The_manifest_commits_to_publisher_components_and_content()
    {
        var image = Build(new ImageDefaults(["/bin/busybox", "httpd"], ["-f"], ["A=b"], [8080, 443]));
        var manifest = JsonDocument.Parse(image.Manifest.Content).RootElement;
        var config = JsonDocument.Parse(image.Config.Content).RootElement;

        Assert.Equal(new Hash32(SHA256.HashData(image.Manifest.Content)), image.Digest);
        Assert.Equal(Publisher.ToString(), manifest.GetProperty("annotations").GetProperty("io.dweb.publisher").GetString());
        Assert.Equal(Components.ToString(), manifest.GetProperty("annotations").GetProperty("io.dweb.components").GetString());
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(image.Config.Content)), manifest.GetProperty("config").GetProperty("digest").GetString());
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Content.Compressed)), manifest.GetProperty("layers")[0].GetProperty("digest").GetString());
        Assert.Equal("sha256:" + Content.DiffId, config.GetProperty("rootfs").GetProperty("diff_ids")[0].GetString());
        Assert.Equal("""{"Entrypoint":["/bin/busybox","httpd"],"Cmd":["-f"],"Env":["A=b"],"ExposedPorts":{"443/tcp":{},"8080/tcp":{}}}""", config.GetProperty("config").GetRawText());
    }

    [Fact]
    public void The_same_image_has_the_same_digest_and_another_commitment_another()
    {
        var defaults = new ImageDefaults([], ["/bin/sh"], [], []);

        Assert.Equal(Build(defaults).Digest, Build(defaults).Digest);
        Assert.NotEqual(Build(defaults).Digest, OciImage.Build(Content, defaults, "amd64", Publisher, Keccak256.Hash("others")).Digest);
        Assert.NotEqual(Build(defaults).Digest, OciImage.Build(Content, defaults, "amd64", EvmAddress.Zero, Components).Digest);
        Assert.NotEqual(Build(defaults).Digest, OciImage.Build(Content, defaults, "arm64", Publisher, Components).Digest);
    }

    private static OciImage Build(ImageDefaults defaults) => OciImage.Build(Content, defaults, "amd64", Publisher, Components);
}
