using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Dweb.Local.Stack.Parts;

namespace Dweb.Local.Tests.Stack;

public sealed class KilledEnginesAreCleared : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Tool _tool = new(new Spawner());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_an_engine_mounted_and_left_is_no_reason_not_to_remove_its_data()
    {
        var state = new StateFolder(_folder.Path);
        var data = OwnEngine.DataRoot(state);
        Directory.CreateDirectory(Path.Combine(data, "layer"));
        await _tool.Require(new Launch("mount", "--bind", data, data), "This test needs root.", Stop);
        await _tool.Require(new Launch("mount", "-t", "tmpfs", "none", Path.Combine(data, "layer")), "This test needs root.", Stop);

        await Remains.ClearEngine(state, _tool, Stop);

        Assert.False(Directory.Exists(data));
    }
}
