namespace Dweb.Durable.Tests.Analyzers;

public sealed class OrchestratorAnalyzerTests
{
    [Theory]
    [InlineData("_ = DateTime.Now;", "DWD001", "DateTime.Now")]
    [InlineData("_ = DateTime.UtcNow.AddDays(1);", "DWD001", "DateTime.UtcNow")]
    [InlineData("_ = DateTime.Today;", "DWD001", "DateTime.Today")]
    [InlineData("_ = DateTimeOffset.Now;", "DWD001", "DateTimeOffset.Now")]
    [InlineData("_ = DateTimeOffset.UtcNow;", "DWD001", "DateTimeOffset.UtcNow")]
    [InlineData("_ = System.Diagnostics.Stopwatch.GetTimestamp();", "DWD001", "Stopwatch.GetTimestamp")]
    [InlineData("_ = new System.Diagnostics.Stopwatch();", "DWD001", "new Stopwatch")]
    [InlineData("_ = TimeProvider.System;", "DWD001", "TimeProvider.System")]
    [InlineData("_ = Environment.TickCount64;", "DWD001", "Environment.TickCount64")]
    [InlineData("_ = Guid.NewGuid();", "DWD002", "Guid.NewGuid")]
    [InlineData("Func<Guid> make = Guid.NewGuid;", "DWD002", "Guid.NewGuid")]
    [InlineData("_ = Random.Shared;", "DWD002", "Random.Shared")]
    [InlineData("_ = new Random();", "DWD002", "new Random")]
    [InlineData("_ = System.Security.Cryptography.RandomNumberGenerator.GetInt32(3);", "DWD002", "RandomNumberGenerator.GetInt32")]
    [InlineData("await Task.Delay(1);", "DWD003", "Task.Delay")]
    [InlineData("await Task.Run(() => { });", "DWD003", "Task.Run")]
    [InlineData("await Task.Factory.StartNew(() => { });", "DWD003", "TaskFactory.StartNew")]
    [InlineData("_ = new Thread(() => { });", "DWD003", "new Thread")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => { });", "DWD003", "ThreadPool.QueueUserWorkItem")]
    [InlineData("_ = new Timer(_ => { });", "DWD003", "new Timer")]
    [InlineData("Parallel.For(0, 1, _ => { });", "DWD003", "Parallel.For")]
    [InlineData("using var source = new CancellationTokenSource(); source.CancelAfter(1);", "DWD003", "CancellationTokenSource.CancelAfter")]
    [InlineData("Thread.Sleep(1);", "DWD004", "Thread.Sleep")]
    [InlineData("Task.CompletedTask.Wait();", "DWD004", "Task.Wait")]
    [InlineData("Task.WaitAll(Task.CompletedTask);", "DWD004", "Task.WaitAll")]
    [InlineData("Task.CompletedTask.GetAwaiter().GetResult();", "DWD004", "TaskAwaiter.GetResult")]
    [InlineData("new ManualResetEvent(true).WaitOne();", "DWD004", "WaitHandle.WaitOne")]
    [InlineData("_ = Environment.MachineName;", "DWD005", "Environment.MachineName")]
    [InlineData("_ = Environment.GetEnvironmentVariable(\"X\");", "DWD005", "Environment.GetEnvironmentVariable")]
    [InlineData("Console.WriteLine();", "DWD005", "Console.WriteLine")]
    [InlineData("_ = File.ReadAllText(\"x\");", "DWD005", "File.ReadAllText")]
    [InlineData("_ = Directory.GetFiles(\"x\");", "DWD005", "Directory.GetFiles")]
    [InlineData("_ = new FileStream(\"x\", FileMode.Open);", "DWD005", "new FileStream")]
    [InlineData("_ = new System.Net.Http.HttpClient();", "DWD005", "new HttpClient")]
    [InlineData("_ = new System.Net.Sockets.TcpClient();", "DWD005", "new TcpClient")]
    [InlineData("_ = System.Diagnostics.Process.GetCurrentProcess();", "DWD005", "Process.GetCurrentProcess")]
    public async Task What_replay_cannot_repeat_is_an_error_in_an_orchestrator(string body, string id, string member)
    {
        var found = await Analysis.OfOrchestratorAsync(body);

        Assert.Contains(found, one => one.StartsWith($"{id} Orchestrator 'RunAsync' must not use '{member}'", StringComparison.Ordinal));
        Assert.DoesNotContain(found, one => !one.StartsWith(id, StringComparison.Ordinal) && id != "DWD004");
    }

    [Theory]
    [InlineData("_ = context.CurrentUtc + TimeSpan.FromDays(1); _ = DateTimeOffset.UnixEpoch;")]
    [InlineData("_ = context.NewGuid(); _ = context.Random.Next(3); _ = Guid.Empty;")]
    [InlineData("await Task.WhenAll(context.CreateTimerAsync(TimeSpan.Zero)); await Task.WhenAny(Task.CompletedTask);")]
    [InlineData("using var source = new CancellationTokenSource(); source.Cancel(); _ = Environment.NewLine;")]
    [InlineData("var call = Task.FromResult(3); await call; _ = call.Result;")]
    [InlineData("_ = nameof(DateTime.UtcNow); _ = Path.Combine(\"a\", \"b\"); _ = System.Net.IPAddress.Loopback;")]
    public async Task What_is_the_same_each_time_is_allowed(string body) => Assert.Empty(await Analysis.OfOrchestratorAsync(body));

    [Fact]
    public async Task Lambdas_and_local_functions_inside_an_orchestrator_belong_to_it() =>
        Assert.Equal(2, (await Analysis.OfOrchestratorAsync("Func<Guid> one = () => Guid.NewGuid(); Guid Two() => Guid.NewGuid(); _ = Two();")).Count);

    [Fact]
    public async Task A_lambda_that_takes_a_context_is_an_orchestrator()
    {
        var found = await Analysis.OfAsync("""
            static class Code
            {
                static Func<OrchestrationContext, int, Task<int>> Orchestrator() => async (context, n) => { await Task.Delay(n); return n; };
            }
            """);

        Assert.StartsWith("DWD003 Orchestrator 'a lambda in Orchestrator' must not use 'Task.Delay'", Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_an_orchestrator_comes_to_by_calls_is_held_to_the_same_rules()
    {
        var found = await Analysis.OfAsync("""
            static class Code
            {
                public static Task RunAsync(OrchestrationContext context) { _ = new Board(3).Age; return Task.CompletedTask; }
            }
            sealed class Board
            {
                readonly int _n;
                public Board(int n) => _n = n + Chance.Draw();
                public TimeSpan Age => DateTimeOffset.UtcNow - default(DateTimeOffset);
                public static void Never() => Thread.Sleep(1);
            }
            static class Chance { public static int Draw() => Again(2); static int Again(int n) => n == 0 ? Random.Shared.Next() : Again(n - 1); }
            """);

        Assert.Equal(2, found.Count);
        Assert.StartsWith("DWD001 Orchestrator 'RunAsync' must not use 'DateTimeOffset.UtcNow'", found[0], StringComparison.Ordinal);
        Assert.StartsWith("DWD002 Orchestrator 'RunAsync' must not use 'Random.Shared'", found[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activities_and_all_other_code_may_do_what_they_like() => Assert.Empty(await Analysis.OfAsync("""
        static class Code
        {
            public static async Task<int> RunAsync(ActivityContext context, int n, CancellationToken ct)
            {
                await Task.Delay(1, ct);
                Console.WriteLine(DateTime.Now);
                return Random.Shared.Next();
            }
        }
        """));

    [Fact]
    public async Task The_message_says_what_to_do_instead() =>
        Assert.EndsWith("take the time from 'CurrentUtc' of the context", Assert.Single(await Analysis.OfOrchestratorAsync("_ = DateTime.Now;")), StringComparison.Ordinal);
}
