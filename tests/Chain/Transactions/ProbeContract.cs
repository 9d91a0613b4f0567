using Dweb.Chain.Tests.Bindings;
using Dweb.Chain.Tests.Rpc;
using Dweb.Chain.Transactions;

namespace Dweb.Chain.Tests.Transactions;

/// <summary>The probe contract, deployed by a key of its own.</summary>
internal static class ProbeContract
{
    public static byte[] Bytecode() =>
        Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Contracts", "Probe.bin")).Trim());

    public static async Task<Probe> DeployAsync(Anvil anvil, CancellationToken cancellationToken)
    {
        var chain = anvil.Client();
        using var sender = new TransactionSender(chain, await anvil.TakeKeyAsync(cancellationToken));
        var receipt = await sender.DeployAsync(Probe.CreationData(Bytecode(), "grüße"), "Probe", gasLimit: null, cancellationToken);
        return new Probe(chain, receipt.ContractAddress!.Value);
    }

    public static async Task<TransactionSender> SenderAsync(Anvil anvil, CancellationToken cancellationToken, SenderOptions? options = null) =>
        new(anvil.Client(), await anvil.TakeKeyAsync(cancellationToken), options);
}
