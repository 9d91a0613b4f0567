namespace Dweb.Functions.Api;

/// <summary>Gives the OpenAPI document, which the framework writes piece by piece, a length: a Functions host drops chunked bodies.</summary>
internal sealed class WholeAnswerMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.Equals("/api/openapi.json", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        var wire = context.Response.Body;
        using var whole = new MemoryStream();
        context.Response.Body = whole;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = wire;
        }

        context.Response.ContentLength = whole.Length;
        whole.Position = 0;
        await whole.CopyToAsync(wire, context.RequestAborted);
    }
}
