namespace Dweb.Agent.Runtimes;

/// <summary>A folder of the agent's own making that a container keeps files in. No manifest can name one.</summary>
/// <param name="Source">On the host.</param>
/// <param name="Target">In the container. Where the folder is empty, it begins as what the image has there.</param>
internal sealed record MountPlan(string Source, string Target);
