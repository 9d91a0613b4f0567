using Dweb.Agent.Identity;
using Dweb.Agent.Startup;
using Dweb.Agent.State;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Identity;

public sealed class AgentIdentityTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_id_stays_and_the_incarnation_rises_at_each_start()
    {
        var first = await AgentIdentity.NextAsync(folder.File("identity.json"), cancel);
        var second = await AgentIdentity.NextAsync(folder.File("identity.json"), cancel);
        Assert.Equal(first with { Incarnation = 2 }, second);
        Assert.NotEqual(first.AgentId, (await AgentIdentity.NextAsync(folder.File("other.json"), cancel)).AgentId);
    }

    [Fact]
    public async Task A_damaged_identity_is_not_replaced_in_silence()
    {
        await File.WriteAllTextAsync(folder.File("identity.json"), "{}", cancel);
        var failure = await Assert.ThrowsAsync<StartupException>(() => AgentIdentity.NextAsync(folder.File("identity.json"), cancel));
        Assert.Contains("identity.json", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_serves_one_agent_at_a_time()
    {
        using (DataFolder.Open(folder.File("data")))
        {
            Assert.Contains("in use", Assert.Throws<StartupException>(() => DataFolder.Open(folder.File("data"))).Message, StringComparison.Ordinal);
        }

        DataFolder.Open(folder.File("data")).Dispose();
    }
}
