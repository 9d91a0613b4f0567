using System.Diagnostics;
using System.Security.Cryptography;
using Dweb.Cli.Source;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Tests.Source;

public sealed class SourceDigestTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dweb-source-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_file_is_hashed_as_it_is()
    {
        string file = Write("source.tar", "bytes");

        Assert.Equal(new Hash32(SHA256.HashData("bytes"u8)), await SourceDigest.OfAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_repository_is_its_head_as_git_archives_it_whatever_lies_around()
    {
        Write("main.c", "int main;");
        await GitAsync("init", "-q");
        await GitAsync("add", ".");
        await GitAsync("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "first");
        byte[] archive = await GitAsync("archive", "--format=tar", "HEAD");
        Write("main.c", "int changed;");
        Write("scratch", "not committed");

        Assert.Equal(new Hash32(SHA256.HashData(archive)), await SourceDigest.OfAsync(folder, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Another_directory_is_hashed_without_its_times()
    {
        string file = Write("main.c", "int main;");
        var before = await SourceDigest.OfAsync(folder, TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);

        Assert.Equal(before, await SourceDigest.OfAsync(folder, TestContext.Current.CancellationToken));
        Write("main.c", "int other;");
        Assert.NotEqual(before, await SourceDigest.OfAsync(folder, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_repository_without_a_commit_is_refused_in_the_words_of_git()
    {
        await GitAsync("init", "-q");

        var refusal = await Assert.ThrowsAsync<DwebException>(() => SourceDigest.OfAsync(folder, TestContext.Current.CancellationToken));

        Assert.Contains("HEAD", refusal.Message, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<byte[]> GitAsync(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        using var output = new MemoryStream();
        await git.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, git.ExitCode);
        return output.ToArray();
    }
}
