using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>What a container keeps: folders of the agent's own making.</summary>
public abstract class VolumeCases(RuntimeUnderTest engine) : RuntimeCases(engine), IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Case]
    public async Task What_one_container_wrote_the_next_one_finds()
    {
        var plan = With("/data", "echo kept > /data/note");
        if (await CanAsync(RuntimeCapability.Volumes, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            await Engine.UntilExitedAsync(id, Cancel);
            await Runtime.RemoveAsync(id, Cancel);
            Assert.Equal("kept\n", await File.ReadAllTextAsync(Path.Combine(plan.Mounts[0].Source, "note"), Cancel));
            Assert.Equal(["kept"], await Engine.RunAsync(Engine.Shell("cat /data/note") with { Mounts = plan.Mounts }, Cancel));
        }
    }

    [Case]
    public async Task It_begins_as_what_the_image_has_there()
    {
        var plan = With("/www", "cat /www/index.html; echo; ls -l /www/index.html");
        if (await CanAsync(RuntimeCapability.Volumes, plan))
        {
            Assert.Equal("hello", (await Engine.RunAsync(plan, Cancel))[0]);
        }
    }

    [Case]
    public async Task One_that_holds_something_stays_as_it_is()
    {
        var plan = With("/www", "ls /www");
        if (await CanAsync(RuntimeCapability.Volumes, plan))
        {
            await File.WriteAllTextAsync(Path.Combine(plan.Mounts[0].Source, "mine"), "", Cancel);
            Assert.Equal(["mine"], await Engine.RunAsync(plan, Cancel));
        }
    }

    [Case]
    public async Task A_path_that_the_image_does_not_have_is_made()
    {
        var plan = With("/not/in/the/image", "touch /not/in/the/image/x && echo written");
        if (await CanAsync(RuntimeCapability.Volumes, plan))
        {
            Assert.Equal(["written"], await Engine.RunAsync(plan, Cancel));
        }
    }

    [Case]
    public async Task Several_are_kept_apart()
    {
        var plan = With("/one", "echo 1 > /one/x; echo 2 > /two/x; cat /one/x /two/x");
        if (await CanAsync(RuntimeCapability.Volumes, plan))
        {
            plan = plan with { Mounts = [.. plan.Mounts, new MountPlan(Directory.CreateDirectory(folder.File("second")).FullName, "/two")] };
            Assert.Equal(["1", "2"], await Engine.RunAsync(plan, Cancel));
        }
    }

    [Case]
    public async Task After_removal_nothing_holds_its_file_system()
    {
        string point = Directory.CreateDirectory(folder.File("mounted")).FullName;
        var plan = With("/data", "touch /data/x; sleep 1000");
        if (!await CanAsync(RuntimeCapability.Volumes, plan))
        {
            return;
        }

        var view = MountNamespace.OfEngine(Engine.Engine);
        await view.RunAsync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", point], Cancel);
        try
        {
            (_, string id) = await Engine.StartAsync(plan with { Mounts = [new MountPlan(point, "/data")] }, Cancel);
            await Runtime.RemoveAsync(id, Cancel);
        }
        finally
        {
            await view.RunAsync("umount", [point], CancellationToken.None);
        }
    }

    [Case]
    public async Task A_stopped_container_is_started_on_what_it_kept()
    {
        var plan = With("/data", "echo run >> /data/runs; cat /data/runs");
        if (await CanAsync(RuntimeCapability.Volumes, plan))
        {
            (_, string id) = await Engine.StartAsync(plan, Cancel);
            await Engine.UntilExitedAsync(id, Cancel);
            await Runtime.StartAsync(id, Cancel);
            Assert.Equal(["run", "run", "run"], await Engine.UntilWrittenAsync(id, static lines => lines.Count > 2, Cancel));
        }
    }

    [Case]
    public async Task A_folder_that_is_not_there_keeps_it_from_starting()
    {
        var plan = With("/data", "echo started");
        if (await CanAsync(RuntimeCapability.Volumes, plan))
        {
            Directory.Delete(plan.Mounts[0].Source);
            await Assert.ThrowsAsync<RuntimeException>(() => Engine.StartAsync(plan, Cancel));
            Assert.NotEqual(ContainerCondition.Running, (await Runtime.InspectAsync(plan.Name, Cancel))?.Condition);
            Assert.False(Directory.Exists(plan.Mounts[0].Source));
        }
    }

    private ContainerPlan With(string target, string line) =>
        Engine.Shell(line) with { Mounts = [new MountPlan(Directory.CreateDirectory(folder.File("first")).FullName, target)] };
}
