using System.Net;
using Dweb.Agent.Images;
using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Secrets;
using Dweb.Agent.Settings;
using Dweb.Agent.Tracing;
using Dweb.Agent.Trust;
using Dweb.Chain.Rpc;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Leases;

/// <summary>
/// Takes an assignment to a running container. The ticket is read while the engine looks for the image; the container is created while the
/// manifest is verified; it is started only when every check has passed.
/// </summary>
internal sealed class LeaseLauncher(
    IContainerRuntime runtime, LeasePremises premises, SecretHandout secrets, ImageCache cache, ITicketSource tickets, ImageVerifier images, AgentStanding me, RegistryAddress registry, IPAddress publishOn)
    : IDisposable
{
    // Measured: an engine starts no faster with more at a time.
    private const int StartsAtATime = 4;

    private readonly SemaphoreSlim starts = new(StartsAtATime);

    /// <param name="phase">Told as the launch goes on, for reports.</param>
    public async Task<LaunchOutcome> LaunchAsync(AssignmentDocument assignment, Action<LeasePhase, string?> phase, CancellationToken cancellationToken)
    {
        using var span = Spans.Begin("launch", assignment.OrderHash, assignment.LeaseId);
        try
        {
            if (TicketCheck.FindInId(assignment, me) is { } foreign)
            {
                return new LaunchOutcome.Refused(foreign);
            }

            var claimed = ClaimedImage(assignment);
            var image = claimed is null ? Task.FromResult<ImageFacts?>(null) : runtime.FindImageAsync(claimed, cancellationToken);
            (var answer, ulong now) = await ReadAsync(assignment, image, cancellationToken);
            if (answer.Ticket is not { } ticket)
            {
                return new LaunchOutcome.Refused(answer.Mismatch!);
            }

            if (ticket.State == LeaseState.None)
            {
                return new LaunchOutcome.Absent(new(Catalogue.LeaseNotAssigned, $"The chain knows no lease {assignment.LeaseId}."));
            }

            return TicketCheck.Find(assignment, ticket, me, now, out var spec) is { } refusal
                ? new LaunchOutcome.Refused(refusal)
                : await RunAsync(assignment, ticket, spec!, await image, phase, cancellationToken);
        }
        catch (RuntimeException failure)
        {
            var reason = new Refusal(failure.Code, failure.Message);
            return failure.IsTransient ? new LaunchOutcome.Later(reason) : new LaunchOutcome.Failed(reason);
        }
        catch (HostToolException failure)
        {
            return new LaunchOutcome.Later(new(Catalogue.HostRefused, failure.Message));
        }
        catch (RpcUnavailableException failure)
        {
            return new LaunchOutcome.Later(new(Catalogue.ChainUnreachable, failure.Message));
        }
        catch (DwebException failure) when (failure.Error == Catalogue.RegistryUnreachable)
        {
            return new LaunchOutcome.Later(new(failure.Error, failure.Message));
        }
    }

    public void Dispose() => starts.Dispose();

    private async Task<LaunchOutcome> RunAsync(
        AssignmentDocument assignment, LeaseTicket ticket, ContainerSpec spec, ImageFacts? image, Action<LeasePhase, string?> phase, CancellationToken cancellationToken)
    {
        string reference = ReferenceTo(spec, ticket.ImageDigest);
        using var held = cache.Hold(reference);
        var verification = images.FindAsync(spec, ticket, cancellationToken);
        bool isPulled = image is null;
        if (image is null)
        {
            // Bytes of an image that is not what its NFT stands for are not worth fetching.
            if (await verification is { } refused)
            {
                return new LaunchOutcome.Refused(refused);
            }

            phase(LeasePhase.Pulling, null);
            await runtime.PullAsync(reference, new PullReport(phase), cancellationToken);
            image = await runtime.FindImageAsync(reference, cancellationToken)
                ?? throw new RuntimeException(RuntimeFault.PullFailed, $"'{reference}' was pulled, and the engine does not have it.");
        }

        if (await secrets.FindObstacleAsync(assignment, spec.Secrets, cancellationToken) is { } obstacle)
        {
            return new LaunchOutcome.Waits(obstacle);
        }

        await starts.WaitAsync(cancellationToken);
        try
        {
            phase(LeasePhase.Creating, null);
            string container = await CreateOrAdoptAsync(assignment, await PlanAsync(assignment.LeaseId, ticket, spec, image, reference, cancellationToken), cancellationToken);
            if ((await VerdictAsync(assignment, verification, readAgain: isPulled, cancellationToken) ?? await secrets.GiveAsync(assignment.LeaseId, spec.Secrets, cancellationToken)) is { } refused)
            {
                // What it kept stays until the lease is over: it may have run before.
                await runtime.RemoveAsync(container, cancellationToken);
                return new LaunchOutcome.Refused(refused);
            }

            return new LaunchOutcome.Started(await StartAsync(assignment, container, cancellationToken), ticket);
        }
        finally
        {
            starts.Release();
        }
    }

    private async Task<ContainerPlan> PlanAsync(
        Hash32 lease, LeaseTicket ticket, ContainerSpec spec, ImageFacts image, string reference, CancellationToken cancellationToken)
    {
        (var network, var mounts, string? folder) = await premises.PrepareAsync(ticket.OrderHash, lease, spec, image, ticket.Reserved.Storage, cancellationToken);
        return new ContainerPlan(lease, ticket.OrderHash, me.Coe, me.CoeName, ticket.Replica, reference, spec, ticket.Reserved, publishOn)
        {
            Network = network,
            Mounts = mounts,
            SecretsFolder = folder,
        };
    }

    private async Task<ContainerSnapshot> StartAsync(AssignmentDocument assignment, string container, CancellationToken cancellationToken)
    {
        using var span = Spans.Begin("start", assignment.OrderHash, assignment.LeaseId);
        await runtime.StartAsync(container, cancellationToken);
        return await runtime.InspectAsync(container, cancellationToken)
            ?? throw new RuntimeException(RuntimeFault.ContainerMissing, "The container was removed as it started.");
    }

    // A pull may take minutes, in which the chain goes on.
    private async Task<Refusal?> VerdictAsync(
        AssignmentDocument assignment, Task<Refusal?> verification, bool readAgain, CancellationToken cancellationToken)
    {
        if (readAgain)
        {
            (var answer, ulong now) = await ReadAsync(assignment, Task.CompletedTask, cancellationToken);
            var refusal = answer.Ticket is { } newest ? TicketCheck.Find(assignment, newest, me, now, out _) : answer.Mismatch;
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return await verification;
    }

    private async Task<string> CreateOrAdoptAsync(AssignmentDocument assignment, ContainerPlan plan, CancellationToken cancellationToken)
    {
        using var span = Spans.Begin("create", assignment.OrderHash, assignment.LeaseId);
        try
        {
            return await runtime.CreateAsync(plan, cancellationToken);
        }
        catch (RuntimeException taken) when (taken.Fault == RuntimeFault.NameTaken)
        {
            var found = await runtime.InspectAsync(plan.Name, cancellationToken)
                ?? throw new RuntimeException(RuntimeFault.Unreachable, $"Container {plan.Name} went away while it was adopted.", taken);
            return IsOurs(found, plan) ? found.Id : throw new RuntimeException(
                RuntimeFault.Refused, $"A container named {plan.Name} exists that this agent did not make for this spec.", taken);
        }
    }

    private static bool IsOurs(ContainerSnapshot found, ContainerPlan plan) =>
        plan.Labels().All(label => found.Labels.TryGetValue(label.Key, out string? value) && value == label.Value);

    private async Task<(TicketAnswer Answer, ulong Now)> ReadAsync(AssignmentDocument assignment, Task meanwhile, CancellationToken cancellationToken)
    {
        using var span = Spans.Begin("ticket", assignment.OrderHash, assignment.LeaseId);
        var answer = tickets.ReadAsync(assignment, ChainView.Head, cancellationToken);
        var now = tickets.ReadTimeAsync(cancellationToken);
        await Task.WhenAll(answer, now);

        // What comes of it counts only once the assignment has passed: it may name what no engine understands.
        await meanwhile.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return (await answer, await now);
    }

    // Only to look for it: nothing of the control plane's word is used before it is checked.
    private string? ClaimedImage(AssignmentDocument assignment)
    {
        try
        {
            return ReferenceTo(ContainerSpec.FromCanonicalJson(System.Text.Encoding.UTF8.GetBytes(assignment.Spec)), assignment.ImageDigest);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private string ReferenceTo(ContainerSpec spec, Hash32 image) => $"{registry.Authority}/{spec.Repository}@{ManifestCheck.Text(image)}";

    // Told in steps of five percent: each report is a request.
    private sealed class PullReport(Action<LeasePhase, string?> phase) : IProgress<PullProgress>
    {
        private const int Step = 5;

        private long told = -Step;

        public void Report(PullProgress value)
        {
            long percent = value.Total > 0 ? 100 * value.Done / value.Total : 0;
            if (percent >= told + Step)
            {
                told = percent;
                phase(LeasePhase.Pulling, $"{percent} % of {value.Total} bytes");
            }
        }
    }
}
