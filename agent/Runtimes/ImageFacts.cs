namespace Dweb.Agent.Runtimes;

/// <summary>What an image says of itself that its container depends on.</summary>
/// <param name="Volumes">Paths that it expects to be volumes, whether its spec names them or not.</param>
internal sealed record ImageFacts(IReadOnlyList<string> Volumes);
