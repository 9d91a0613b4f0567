using Dweb.Local.Layout;
using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Tests.Test.Contracts;

public sealed class RunsDoNotMeet
{
    [Fact]
    public void A_second_run_is_refused_while_the_first_one_works()
    {
        using var root = new TemporaryFolder();
        using (WorkFolder.Open(new Repository(root.Path), "mutation"))
        {
            Assert.Throws<LocalException>(() => WorkFolder.Open(new Repository(root.Path), "mutation"));
        }

        using var next = WorkFolder.Open(new Repository(root.Path), "mutation");
        Assert.False(Directory.Exists(next.Path));
    }

    [Fact]
    public void What_a_run_left_is_gone_before_the_next_and_after_it()
    {
        using var root = new TemporaryFolder();
        root.File(".dweb/coverage/left/by.txt", "");
        var folder = WorkFolder.Open(new Repository(root.Path), "coverage");
        Assert.False(Directory.Exists(folder.Path));
        root.File(".dweb/coverage/new.txt", "");
        folder.Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(root.Path, ".dweb")));
    }
}
