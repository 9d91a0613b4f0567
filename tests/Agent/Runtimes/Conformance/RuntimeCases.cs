using Dweb.Agent.Runtimes;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

/// <summary>
/// What every runtime of the agent does, against the real engine. Cases are written against <see cref="IContainerRuntime"/> and what the kernel shows; where an
/// engine lacks something by name, the case asks for a refusal by that name.
/// </summary>
public abstract class RuntimeCases(RuntimeUnderTest engine)
{
    private protected RuntimeUnderTest Engine { get; } = engine;

    private protected IContainerRuntime Runtime => Engine.Runtime;

    private protected CancellationToken Cancel { get; } = TestContext.Current.CancellationToken;

    /// <returns>False where the engine lacks it, and has refused the plan by that name.</returns>
    private protected async Task<bool> CanAsync(RuntimeCapability needed, ContainerPlan plan)
    {
        if (!Runtime.Lacks.HasFlag(needed))
        {
            return true;
        }

        var refusal = await Assert.ThrowsAsync<RuntimeException>(() => Runtime.CreateAsync(plan, Cancel));
        Assert.Equal(RuntimeFault.Refused, refusal.Fault);
        Assert.Contains(Assert.Single(needed.ToNames()), refusal.Message, StringComparison.Ordinal);
        Assert.Null(await Runtime.InspectAsync(plan.Name, Cancel));
        return false;
    }
}
