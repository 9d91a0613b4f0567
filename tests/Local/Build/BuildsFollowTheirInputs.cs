using Dweb.Local.Build;

namespace Dweb.Local.Tests.Build;

public sealed class BuildsFollowTheirInputs : IDisposable
{
    private readonly TemporaryFolder _root = new();

    [Fact]
    public void The_same_files_need_no_build()
    {
        _root.File("a/x.cs", "1");
        Assert.Equal(Fingerprint.Of(_root.Path, "a"), Fingerprint.Of(_root.Path, "a", "not-there"));
    }

    [Fact]
    public void An_edited_an_added_and_a_removed_file_each_need_one()
    {
        var kept = _root.File("a/x.cs", "1");
        var before = Fingerprint.Of(_root.Path, "a");
        var added = _root.File("a/b/y.cs", "2");
        var afterAdding = Fingerprint.Of(_root.Path, "a");
        File.Delete(kept);
        var afterRemoving = Fingerprint.Of(_root.Path, "a");
        File.WriteAllText(added, "22");
        Assert.Distinct([before, afterAdding, afterRemoving, Fingerprint.Of(_root.Path, "a")]);
    }

    [Theory]
    [InlineData("bin")]
    [InlineData("obj")]
    [InlineData("node_modules")]
    public void What_a_build_makes_is_no_input(string folder)
    {
        _root.File("a/x.cs", "1");
        var before = Fingerprint.Of(_root.Path, "a");
        _root.File($"a/{folder}/y.cs", "2");
        Assert.Equal(before, Fingerprint.Of(_root.Path, "a"));
    }

    [Fact]
    public void A_stamp_holds_for_one_fingerprint_only()
    {
        var stamp = new Stamp(_root.Path, "s");
        Assert.False(stamp.Matches("one"));
        stamp.Write("one");
        Assert.True(stamp.Matches("one"));
        Assert.False(stamp.Matches("two"));
        stamp.Clear();
        Assert.False(stamp.Matches("one"));
    }

    public void Dispose() => _root.Dispose();
}
