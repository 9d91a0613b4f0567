using System.Net;
using System.Numerics;
using Azure.Storage.Queues;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Durable;
using Dweb.Functions.Tests.EndToEnd;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Host;

/// <summary>A stack of its own for the tests of a class: what was published, as the custom handler of a host.</summary>
public sealed class HostedStack(PublishedApp app) : IAsyncLifetime
{
    public TestStack Stack { get; } = TestStack.UnderAHost(app);

    public async ValueTask InitializeAsync() => await Stack.ReadyAsync();

    public ValueTask DisposeAsync() => Stack.DisposeAsync();
}

/// <summary>Orders under a host that behaves as hosts do: messages come twice, too late, too often or unreadable, and its extension is down.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class HostedOrderTests(HostedStack hosted) : IClassFixture<HostedStack>
{
    private readonly TestStack stack = hosted.Stack;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_message_whose_host_fails_between_work_and_delete_comes_again_and_its_order_is_opened_once()
    {
        stack.Host.Queues.Worked = static (function, _, delivery) =>
            function == "OrderQueue" && delivery == 1 ? throw new IOException("The host is gone before it deletes.") : Task.CompletedTask;
        var scene = await Scene.BeginAsync(stack, 2, Cancel);
        string id = scene.OrderHash.ToString();
        while (stack.Host.Queues.Of(id).Count() < 2)
        {
            await Task.Delay(20, Cancel);
        }

        await scene.RunAllAsync(Cancel);
        Assert.Equal(OrderStatus.Running, (await scene.WaitAsync(OrderStatus.Running, Cancel)).Status);
        Assert.Equal([("OrderQueue", 1), ("OrderQueue", 2)], stack.Host.Queues.Of(id));
        Assert.Equal((1, 2), (stack.Host.StartsOf(id), (await scene.ViewAsync(Cancel)).Leases.Count));
        stack.Host.Queues.Worked = static (_, _, _) => Task.CompletedTask;
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Usage_is_paid_the_order_is_closed_and_its_message_that_comes_again_when_the_host_has_forgotten_it_opens_nothing()
    {
        var scene = await SettlementTests.PaidAndClosedAsync(stack);
        string id = scene.OrderHash.ToString();
        await stack.Host.EndOfAsync(id, Cancel);
        var spent = (await stack.Chain.LeaseBook.OrderOfAsync(scene.OrderHash, cancellationToken: Cancel)).Committed;
        await stack.Host.PurgeAsync(id, Cancel);
        await Orders(QueueMessageEncoding.Base64).SendMessageAsync(id, Cancel);
        while (stack.Host.StartsOf(id) < 2)
        {
            await Task.Delay(20, Cancel);
        }

        await stack.Host.EndOfAsync(id, Cancel);
        var view = await scene.ViewAsync(Cancel);
        Assert.Equal((OrderStatus.Closed, 2), (view.Status, view.Leases.Count));
        Assert.Equal(spent, (await stack.Chain.LeaseBook.OrderOfAsync(scene.OrderHash, cancellationToken: Cancel)).Committed);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_that_cannot_be_started_is_tried_five_times_and_its_user_sees_why_it_failed_and_keeps_everything()
    {
        stack.Host.IsExtensionDown = true;
        Scene scene;
        OrderView view;
        try
        {
            scene = await Scene.SubmitAsync(stack, 1, Cancel);
            view = await scene.WaitAsync(OrderStatus.Running, Cancel);
        }
        finally
        {
            stack.Host.IsExtensionDown = false;
        }

        Assert.Equal((OrderStatus.Failed, Catalogue.Internal.Code, 0), (view.Status, view.ErrorCode, view.Leases.Count));
        Assert.Contains("could not be handed over; nothing was opened", view.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(
            [.. Enumerable.Range(1, 5).Select(static delivery => ("OrderQueue", delivery)), ("OrderQueuePoison", 1)], stack.Host.Queues.Of(scene.OrderHash.ToString()));
        Assert.Equal(100 * BigInteger.Pow(10, 18), await stack.Chain.LeaseBook.FreeOfAsync(scene.User.Address, cancellationToken: Cancel));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Messages_of_others_that_are_no_base64_or_name_no_order_hold_no_order_up()
    {
        await Orders(QueueMessageEncoding.None).SendMessageAsync("plain text, not base64", Cancel);
        await Orders(QueueMessageEncoding.Base64).SendMessageAsync("no order", Cancel);
        var scene = await Scene.BeginAsync(stack, 1, Cancel);
        while (stack.Host.Queues.Of("no order").LastOrDefault() != ("OrderQueuePoison", 1))
        {
            await Task.Delay(20, Cancel);
        }

        Assert.Single(scene.Leases);
        Assert.Equal(5, stack.Host.Queues.Of("no order").Count(static one => one.Function == "OrderQueue"));
        Assert.Empty(stack.Host.Queues.Of("plain text, not base64"));
        while ((await Orders(QueueMessageEncoding.None).GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount > 0)
        {
            await Task.Delay(20, Cancel);
        }
    }

    [Theory(Timeout = TestStack.PatienceMs)]
    [InlineData("Settlement", "\"no settlement\"", "JSON")]
    [InlineData("NoSuchOrchestration", "1", "'NoSuchOrchestration'")]
    public async Task What_goes_wrong_in_the_executor_fails_the_orchestration_in_a_good_answer(string name, string input, string words)
    {
        // The host's double takes nothing but a 200 with a response in base64; whatever else it gets is no failed orchestration.
        var end = await stack.Host.RunAsync("Settlement", name, $"broken-{name}", input, Cancel);

        Assert.Equal(OrchestrationStatus.Failed, end.Status);
        Assert.Contains(words, end.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestStack.PatienceMs)]
    [InlineData("/")]
    [InlineData("/api/")]
    [InlineData("/registry/")]
    [InlineData("/api/../")]
    [InlineData("/api/%2e%2e/")]
    [InlineData("/api/..%2f")]
    [InlineData("/api//")]
    [InlineData("//")]
    public async Task No_way_of_writing_a_functions_name_reaches_it_through_the_host(string prefix)
    {
        string[] functions = [.. Directory.GetFiles(AppContext.BaseDirectory, "function.json", SearchOption.AllDirectories).Select(static file => Path.GetFileName(Path.GetDirectoryName(file)!))];
        Assert.NotEmpty(functions);
        foreach (string function in functions)
        {
            var address = new Uri(stack.Plane.Address.GetLeftPart(UriPartial.Authority) + prefix + function, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent("""{"Data":{"message":"x","timer":{}},"Metadata":{}}""") };
            using var response = await stack.Plane.SendAsync(request, Cancel);
            Assert.True(response.StatusCode == HttpStatusCode.NotFound, $"{address}: {response.StatusCode}");
        }
    }

    private QueueClient Orders(QueueMessageEncoding encoding) => new(stack.Storage.ConnectionString, "dweb-orders", new QueueClientOptions { MessageEncoding = encoding });
}
