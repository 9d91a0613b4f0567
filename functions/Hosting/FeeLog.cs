using System.Numerics;
using Dweb.Chain.Transactions;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Hosting;

/// <summary>Says of each stuck transaction what became of it.</summary>
internal sealed partial class FeeLog
{
    private readonly ILogger<FeeLog> logger;

    public FeeLog(SenderPool senders, ILogger<FeeLog> logger)
    {
        this.logger = logger;
        senders.Bumped += (_, told) => Log(told.Bump);
    }

    private void Log(FeeBump bump)
    {
        switch (bump)
        {
            case { By: null }:
                LogAtBound(logger, bump.Function, bump.Sender, bump.Nonce, bump.MaxFeePerGas);
                break;
            case { Stuck: { } stuck, By: { } by }:
                LogReplaced(logger, bump.Function, stuck, bump.Sender, bump.Nonce, by, bump.MaxFeePerGas, bump.MaxPriorityFeePerGas);
                break;
            case { By: { } by }:
                LogCleared(logger, bump.Function, bump.Sender, bump.Nonce, by, bump.MaxFeePerGas);
                break;
        }
    }

    [LoggerMessage(EventId = 7101, Level = LogLevel.Warning,
        Message = "{Function}: transaction {Stuck} of {Sender} (nonce {Nonce}) is not mined; {By} is in its place and pays at most {MaxFee} wei per gas, {Priority} of it to the producer.")]
    private static partial void LogReplaced(ILogger logger, string function, Hash32 stuck, EvmAddress sender, ulong nonce, Hash32 by, BigInteger maxFee, BigInteger priority);

    [LoggerMessage(EventId = 7102, Level = LogLevel.Warning,
        Message = "{Function} waits for an earlier transaction of {Sender} (nonce {Nonce}), sent before this process started or given up on; the empty {By} is in its place and pays at most {MaxFee} wei per gas.")]
    private static partial void LogCleared(ILogger logger, string function, EvmAddress sender, ulong nonce, Hash32 by, BigInteger maxFee);

    [LoggerMessage(EventId = 7103, Level = LogLevel.Warning,
        Message = "{Function}: the transaction of {Sender} with nonce {Nonce} is not mined and may not pay more: {MaxFee} wei per gas, and an eighth more is above Dweb__MaxFeePerGasWei.")]
    private static partial void LogAtBound(ILogger logger, string function, EvmAddress sender, ulong nonce, BigInteger maxFee);
}
