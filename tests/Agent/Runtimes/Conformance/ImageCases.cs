using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Agent.Tests.Whole;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>Images of a registry, by digest.</summary>
public abstract class ImageCases(RuntimeUnderTest engine, Quay quay) : RuntimeCases(engine), IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Engine.RemoveContainersAsync(Engine.Coe);
        foreach (var image in await Runtime.ListImagesAsync(quay.Authority, CancellationToken.None))
        {
            await Runtime.RemoveImageAsync(image.Reference, CancellationToken.None);
        }

        GC.SuppressFinalize(this);
    }

    [Case]
    public async Task One_that_nobody_has_cannot_be_pulled()
    {
        string image = "127.0.0.1:1/nobody/nothing@sha256:" + new string('0', 64);
        Assert.Null(await Runtime.FindImageAsync(image, Cancel));
        var failure = await Assert.ThrowsAsync<RuntimeException>(() => Runtime.PullAsync(image, new Progress<PullProgress>(), Cancel));
        Assert.Equal(RuntimeFault.PullFailed, failure.Fault);
        Assert.True(failure.IsTransient);
        Assert.Contains(image, failure.Message, StringComparison.Ordinal);
    }

    [Case]
    public async Task One_that_the_registry_does_not_have_cannot_be_pulled()
    {
        string image = $"{quay.Authority}/nothing@sha256:{new string('0', 64)}";
        var failure = await Assert.ThrowsAsync<RuntimeException>(() => Runtime.PullAsync(image, new Progress<PullProgress>(), Cancel));
        Assert.Equal(RuntimeFault.PullFailed, failure.Fault);
        Assert.Null(await Runtime.FindImageAsync(image, Cancel));
    }

    [Case]
    public async Task One_that_was_pulled_is_there_and_runs_as_it_says()
    {
        string image = await quay.PublishAsync("pulled", Cancel);
        Assert.Null(await Runtime.FindImageAsync(image, Cancel));
        await PullAsync(image);
        Assert.Empty((await Runtime.FindImageAsync(image, Cancel))!.Volumes);

        // Its own entrypoint.
        var plan = Engine.Plan("echo", "from the image");
        Assert.Equal(["from the image"], await Engine.RunAsync(plan with { Image = image, Spec = plan.Spec with { Entrypoint = null } }, Cancel));
    }

    [Case]
    public async Task Pulling_it_twice_is_no_error()
    {
        string image = await quay.PublishAsync("twice", Cancel);
        await PullAsync(image);
        await PullAsync(image);
        Assert.Single(await Runtime.ListImagesAsync(quay.Authority, Cancel), found => found.Reference == image);
    }

    [Case]
    public async Task What_it_expects_to_be_volumes_is_told()
    {
        string image = await quay.PublishAsync("volumes", Cancel, "/var/lib/db", "/spool");
        await PullAsync(image);
        Assert.Equal(["/spool", "/var/lib/db"], (await Runtime.FindImageAsync(image, Cancel))!.Volumes.Order(StringComparer.Ordinal));
    }

    [Case]
    public async Task Those_of_one_registry_are_listed_with_their_size()
    {
        string image = await quay.PublishAsync("listed", Cancel);
        await PullAsync(image);
        var found = await Runtime.ListImagesAsync(quay.Authority, Cancel);
        Assert.True(Assert.Single(found, listed => listed.Reference == image).Bytes > 100_000);
        Assert.All(found, listed => Assert.StartsWith(quay.Authority + "/", listed.Reference, StringComparison.Ordinal));
        Assert.Empty(await Runtime.ListImagesAsync("127.0.0.1:1", Cancel));
    }

    [Case]
    public async Task One_that_a_container_needs_stays()
    {
        string image = await quay.PublishAsync("needed", Cancel);
        await PullAsync(image);
        (_, string id) = await Engine.StartAsync(Engine.Plan("true") with { Image = image }, Cancel);
        Assert.False(await Runtime.RemoveImageAsync(image, Cancel));
        await Engine.UntilExitedAsync(id, Cancel);
        Assert.False(await Runtime.RemoveImageAsync(image, Cancel));
        await Runtime.RemoveAsync(id, Cancel);
        Assert.True(await Runtime.RemoveImageAsync(image, Cancel));
        Assert.Null(await Runtime.FindImageAsync(image, Cancel));
    }

    [Case]
    public async Task Removing_one_twice_is_no_error()
    {
        string image = await quay.PublishAsync("removed", Cancel);
        await PullAsync(image);
        Assert.True(await Runtime.RemoveImageAsync(image, Cancel));
        Assert.True(await Runtime.RemoveImageAsync(image, Cancel));
        Assert.DoesNotContain(await Runtime.ListImagesAsync(quay.Authority, Cancel), found => found.Reference == image);
    }

    [Case]
    public async Task A_container_of_an_image_that_is_not_there_is_not_made()
    {
        var plan = Engine.Plan("true") with { Image = $"{quay.Authority}/absent@sha256:{new string('1', 64)}" };
        await Assert.ThrowsAsync<RuntimeException>(() => Runtime.CreateAsync(plan, Cancel));
        Assert.Null(await Runtime.InspectAsync(plan.Name, Cancel));
    }

    private Task PullAsync(string image) => Runtime.PullAsync(image, new Progress<PullProgress>(), Cancel);
}

/// <summary>A registry with images of which no other test knows.</summary>
public sealed class Quay : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private Registry registry = null!;

    internal string Authority => registry.Address.Authority;

    public async ValueTask InitializeAsync() => registry = await Registry.StartAsync(folder.Path, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await registry.DisposeAsync();
        folder.Dispose();
    }

    /// <returns>Its reference by digest.</returns>
    internal async Task<string> PublishAsync(string name, CancellationToken cancellationToken, params string[] volumes)
    {
        using var http = new HttpClient();
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["test"] = name };
        byte[] manifest = await BusyboxImage.PushAsync(http, registry.Address.BaseUri, "conformance/" + name, annotations, cancellationToken, volumes);
        return $"{Authority}/conformance/{name}@sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(manifest))}";
    }
}
