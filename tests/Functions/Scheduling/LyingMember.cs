using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dweb.Functions.Tests.Scheduling;

/// <summary>Something at a member's address that answers whatever a test wants, over real HTTP.</summary>
internal sealed class LyingMember : IAsyncDisposable
{
    private readonly WebApplication app;

    private LyingMember(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    public static async Task<LyingMember> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var member = new LyingMember(builder.Build());
        member.app.MapPost("/api/committee/sign", (RequestDelegate)(context => answer(context)));
        await member.app.StartAsync();
        member.Address = new Uri(member.app.Urls.Single());
        return member;
    }

    public static Task<LyingMember> StartAsync(int status, string text) => StartAsync(async context =>
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text, Encoding.UTF8, context.RequestAborted);
    });

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
