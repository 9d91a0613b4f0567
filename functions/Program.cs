using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Coes;
using Dweb.Functions.Hosting;
using Dweb.Functions.Registry;
using Dweb.Functions.Settings;
using Dweb.Functions.Stores;

try
{
    if (args is ["--init-registry-key", var folder])
    {
        using var made = RegistryKey.LoadOrCreate(
            Path.Combine(folder, RegistryKey.KeyFileName), Path.Combine(folder, RegistryKey.CertificateFileName), TimeProvider.System);
        return 0;
    }

    if (args is ["--role", var role])
    {
        return role == MemberProgram.Role
            ? await MemberProgram.RunAsync()
            : throw new DwebException(Catalogue.InvalidSetting, $"--role is '{role}'; it must be {MemberProgram.Role}, or be left out for a control plane.", "--role");
    }

    bool wipe = args is ["--wipe-storage"];
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    var settings = new SettingsReader(builder.Configuration).Read();
    Startup.CheckPortIsFree(settings, settings.CustomHandlerPort);
    if (wipe)
    {
        Console.WriteLine($"{await StorageWipe.RunAsync(settings, CancellationToken.None)} tables, queues and containers are removed.");
        return 0;
    }

    Directory.CreateDirectory(settings.DataFolder);
    var storage = new StorageAccount(settings.StorageConnection);
    using var http = new HttpClient();

    // At once, for a host waits; where both are away it is the storage that is named.
    var opening = Task.Run(() => ChainParts.OpenAsync(settings, http, CancellationToken.None));
    await storage.CheckReachableAsync(CancellationToken.None);
    var chain = await opening;

    await using var app = Composition.Build(builder, settings, storage, chain);
    await Startup.PrepareAsync(app.Services, CancellationToken.None);
    if (settings.FunctionsHost is null)
    {
        await Startup.CatchUpAsync(app.Services, CancellationToken.None);
        await Startup.ListenAsync(app, settings, settings.CustomHandlerPort, CancellationToken.None);
    }
    else
    {
        await Startup.ListenAsync(app, settings, settings.CustomHandlerPort, CancellationToken.None);
        try
        {
            await Startup.CatchUpAsync(app.Services, app.Lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Asked to end before it was ready.
        }
    }

    app.Services.GetRequiredService<Heartbeats>().Begin();
    var engine = app.Services.GetRequiredService<IOrchestrationEngine>();
    await using var lost = engine.Lost.Register(app.Lifetime.StopApplication);
    await app.WaitForShutdownAsync();
    bool wasLost = engine.Lost.IsCancellationRequested;
    await engine.StopAsync(CancellationToken.None);
    return wasLost ? throw new DwebException(Catalogue.StorageUnreachable, "Another process took over the task hub.") : 0;
}
catch (DwebException refused)
{
    await Console.Error.WriteLineAsync($"error: {refused.Message}");
    await Console.Error.WriteLineAsync($"hint: {refused.Error.Hint}");
    return 1;
}
