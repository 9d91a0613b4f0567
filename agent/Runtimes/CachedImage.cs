namespace Dweb.Agent.Runtimes;

/// <param name="Reference">With its digest, as it was pulled.</param>
/// <param name="Bytes">With layers that other images have too.</param>
internal sealed record CachedImage(string Reference, long Bytes);
