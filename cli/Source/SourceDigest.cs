using System.Diagnostics;
using System.Security.Cryptography;
using Dweb.Cli.Images;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Source;

/// <summary>
/// sha256 of a source archive: of a file as it is; of a git repository's HEAD as <c>git archive --format=tar</c> writes it; of any
/// other directory as a tar archive without times and owners.
/// </summary>
internal static class SourceDigest
{
    /// <exception cref="DwebException">There is nothing at the path, or git fails.</exception>
    public static async Task<Hash32> OfAsync(string path, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            await using var file = File.OpenRead(path);
            return new Hash32(await SHA256.HashDataAsync(file, cancellationToken));
        }

        if (!Directory.Exists(path))
        {
            throw new DwebException(Catalogue.NotFound, $"There is no file or directory {path}.", "--source");
        }

        // A worktree has a file of this name.
        string git = Path.Combine(path, ".git");
        return Directory.Exists(git) || File.Exists(git) ? await OfGitAsync(path, cancellationToken) : OfDirectory(path);
    }

    private static Hash32 OfDirectory(string path)
    {
        using var archive = new MemoryStream();
        LayerArchive.Write(path, archive);
        return new Hash32(SHA256.HashData(archive.GetBuffer().AsSpan(0, (int)archive.Length)));
    }

    private static async Task<Hash32> OfGitAsync(string path, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("git", ["-C", path, "-c", "tar.umask=0002", "archive", "--format=tar", "HEAD"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var git = Start(start);
        var words = git.StandardError.ReadToEndAsync(cancellationToken);
        byte[] digest = await SHA256.HashDataAsync(git.StandardOutput.BaseStream, cancellationToken);
        await git.WaitForExitAsync(cancellationToken);
        return git.ExitCode == 0
            ? new Hash32(digest)
            : throw new DwebException(Catalogue.InvalidValue, $"git archive of {path} failed: {(await words).Trim()}", "--source");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new DwebException(Catalogue.InvalidSetting, "git is not installed, and the source is a git repository.", "--source", fault);
        }
    }
}
