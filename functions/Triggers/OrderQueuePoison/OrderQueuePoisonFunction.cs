using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Activities;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Triggers.OrderQueuePoison;

/// <summary>An order that could not be started, whatever was tried, is marked as failed so that its user learns of it.</summary>
internal sealed partial class OrderQueuePoisonFunction(CommitOrder commit, ILogger<OrderQueuePoisonFunction> logger) : IQueueFunction
{
    public string Name => "OrderQueuePoison";

    public async Task RunAsync(string message, CancellationToken cancellationToken)
    {
        if (!Hash32.TryParse(message, out var orderHash))
        {
            LogForeign(logger, message.Length);
            return;
        }

        LogPoisoned(logger, orderHash);
        await commit.RunAsync(
            new OrderCommit(orderHash, OrderStatus.Failed, Catalogue.Internal.Code, "The order could not be handed over; nothing was opened by it."), cancellationToken);
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "Order {Order} could not be started and is marked as failed.")]
    private static partial void LogPoisoned(ILogger logger, Hash32 order);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Error, Message = "A message of {Length} characters in the poison queue names no order.")]
    private static partial void LogForeign(ILogger logger, int length);
}
