namespace Dweb.Cli.Hosting;

/// <summary>What became of one step of joining or leaving, each of which may be taken again.</summary>
/// <param name="State"><c>done</c> now, <c>found</c> done before, <c>left</c> to be done.</param>
internal sealed record HostStep(string Step, string State, string Detail)
{
    public static HostStep Done(string step, string detail) => new(step, "done", detail);

    public static HostStep Found(string step, string detail) => new(step, "found", detail);

    public static HostStep Left(string step, string detail) => new(step, "left", detail);
}
