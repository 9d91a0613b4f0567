using System.Text.RegularExpressions;
using Dweb.Core.Protocol;

namespace Dweb.Core.Manifest;

/// <summary>
/// An image as people write it: <c>repository</c> (the newest one of that name on chain) or <c>repository@sha256:…</c>. No registry host,
/// because the image comes from the registry of the user's context, and no tag, because a tag can be moved after the order was signed.
/// </summary>
public sealed partial record ImageReference(string Repository, Hash32? Digest)
{
    private const string DigestPrefix = "sha256:";

    public static bool TryParse(string text, out ImageReference? reference, out string? problem)
    {
        reference = null;
        problem = null;
        string repository = text;
        Hash32? digest = null;
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            repository = text[..at];
            string suffix = text[(at + 1)..];
            if (!suffix.StartsWith(DigestPrefix, StringComparison.Ordinal) || !Hash32.TryParse("0x" + suffix[DigestPrefix.Length..], out var parsed))
            {
                problem = $"'{suffix}' is no digest; write sha256: and 64 hexadecimal digits";
                return false;
            }

            digest = parsed;
        }

        problem = ProblemOf(repository);
        reference = problem is null ? new ImageReference(repository, digest) : null;
        return problem is null;
    }

    public override string ToString() => Digest is { } digest ? $"{Repository}@{DigestPrefix}{digest.ToString()[2..]}" : Repository;

    private static string? ProblemOf(string repository)
    {
        string first = repository.Split('/')[0];
        if (repository.Contains('/', StringComparison.Ordinal) && (first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost"))
        {
            return $"'{first}' names a registry; images come from the registry of your context";
        }

        if (repository.Contains(':', StringComparison.Ordinal))
        {
            return "a tag can be moved after you signed; write the repository alone for its newest minted image, or add @sha256: and the digest";
        }

        return repository.Length <= 255 && Grammar().IsMatch(repository) ? null : $"'{repository}' is no repository name";
    }

    [GeneratedRegex("^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*\\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
