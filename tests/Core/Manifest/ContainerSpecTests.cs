using System.Text;
using System.Text.Json;
using CsCheck;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;

namespace Dweb.Core.Tests.Manifest;

public sealed class ContainerSpecTests
{
    private static readonly Gen<string> Words = Gen.String[Gen.Char["aZ9\"\\\n\té<> €"], 0, 8];

    private static readonly Gen<ContainerSpec> Specs =
        from entrypoint in Words.Array[1, 3]
        from hasEntrypoint in Gen.Bool
        from command in Words.Array[1, 3]
        from hasCommand in Gen.Bool
        from environment in Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 5], Words)[0, 5]
        from ports in Gen.UShort.Array[0, 3]
        from hasHealth in Gen.Bool
        from restart in Gen.Enum<RestartPolicy>()
        from grace in Gen.Int[0, 300]
        from hasUpdate in Gen.Bool
        from parallelism in Gen.Int[0, 256]
        from action in Gen.Enum<FailureAction>()
        select new ContainerSpec(
            "web", "team/web", Keccak256.Hash("image"), hasEntrypoint ? entrypoint : null, hasCommand ? command : null,
            new SortedDictionary<string, string>(environment, StringComparer.Ordinal), [.. ports.Select(static p => new PortSpec(p))],
            hasHealth ? new HealthSpec(["CMD", .. command], 30, 5, 3, 0) : null, restart, grace)
        {
            Volumes = hasUpdate ? [new VolumeSpec("/data"), new VolumeSpec("/cache") { Name = "cache" }] : null,
            Tmpfs = hasHealth ? ["/spool"] : null,
            Update = hasUpdate ? new UpdateSpec(parallelism, null, grace, action, null) : null,
        };

    [Fact]
    public void A_spec_survives_its_canonical_form_and_keeps_its_hash() => Specs.Sample(spec =>
    {
        byte[] json = spec.ToCanonicalJson();
        var read = ContainerSpec.FromCanonicalJson(json);
        Assert.Equal(json, read.ToCanonicalJson());
        Assert.Equal(spec.Hash(), read.Hash());
        Assert.Equal(spec.Environment.AsEnumerable(), read.Environment);
        Assert.Equal(Keccak256.Hash(json), spec.Hash());
    }, iter: 500);

    [Fact]
    public void White_space_another_order_or_another_member_is_refused() => Specs.Sample(spec =>
    {
        string json = Encoding.UTF8.GetString(spec.ToCanonicalJson());
        AssertRefused(json + " ");
        AssertRefused(json.Replace("{\"service\"", "{ \"service\"", StringComparison.Ordinal));
        AssertRefused(json.Replace("{\"service\"", "{\"privileged\":true,\"service\"", StringComparison.Ordinal));
        AssertRefused("{\"stopGraceSeconds\":1," + json[1..]);
        AssertRefused(json.Replace("\"service\":\"web\",", "", StringComparison.Ordinal));
    });

    [Fact]
    public void The_canonical_form_is_pinned()
    {
        var spec = new ContainerSpec(
            "web", "team/web", Hash32.Zero, null, ["httpd", "-f"], new(StringComparer.Ordinal) { ["b"] = "1", ["A"] = "é" }, [new(8080)],
            new HealthSpec(["CMD-SHELL", "true"], 10, 2, 3, 0), RestartPolicy.OnFailure, 10);
        Assert.Equal(
            "{'service':'web','repository':'team/web','imageDigest':'0x0000000000000000000000000000000000000000000000000000000000000000',"
                + "'command':['httpd','-f'],'environment':{'A':'\\u00E9','b':'1'},'ports':[{'container':8080}],'health':{'test':['CMD-SHELL','true'],"
                + "'intervalSeconds':10,'timeoutSeconds':2,'retries':3,'startPeriodSeconds':0},'restart':'OnFailure','stopGraceSeconds':10}",
            Encoding.UTF8.GetString(spec.ToCanonicalJson()).Replace('"', '\''));
        var keeping = spec with { Volumes = [new("/data"), new("/cache") { Name = "c" }], Tmpfs = ["/spool"] };
        Assert.EndsWith(
            ",'stopGraceSeconds':10,'volumes':[{'path':'/data'},{'path':'/cache','name':'c'}],'tmpfs':['/spool']}",
            Encoding.UTF8.GetString(keeping.ToCanonicalJson()).Replace('"', '\''), StringComparison.Ordinal);
        var moved = spec with { Update = new UpdateSpec(2, Sequence: UpdateSequence.StopFirst) };
        Assert.EndsWith(
            ",'stopGraceSeconds':10,'update':{'parallelism':2,'sequence':'StopFirst'}}",
            Encoding.UTF8.GetString(moved.ToCanonicalJson()).Replace('"', '\''), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/sys")]
    [InlineData("/a/../../etc")]
    [InlineData("relative")]
    [InlineData("/a,readonly=false")]
    [InlineData("/a:/b")]
    public void A_spec_with_a_mount_that_no_agent_makes_is_refused_whoever_signed_it(string path)
    {
        var spec = Specs.Single();
        Assert.Throws<JsonException>(() => ContainerSpec.FromCanonicalJson((spec with { Volumes = [new VolumeSpec(path)] }).ToCanonicalJson()));
        Assert.Throws<JsonException>(() => ContainerSpec.FromCanonicalJson((spec with { Tmpfs = [path] }).ToCanonicalJson()));
    }

    private static void AssertRefused(string json) => Assert.Throws<JsonException>(() => ContainerSpec.FromCanonicalJson(Encoding.UTF8.GetBytes(json)));
}
