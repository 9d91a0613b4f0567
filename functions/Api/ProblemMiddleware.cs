using Dweb.Chain.Rpc;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Hosting;

namespace Dweb.Functions.Api;

/// <summary>Outermost: stamps the first moment of a request and the server's time on every answer, and turns refusals into problem documents.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, Outages outages, TimeProvider time, ILogger<ProblemMiddleware> logger)
{
    private static readonly object ArrivalKey = new();

    /// <summary>Unix milliseconds at which the request's first bytes were read.</summary>
    public static long ArrivalOf(HttpContext context) => (long)context.Items[ArrivalKey]!;

    public async Task InvokeAsync(HttpContext context)
    {
        context.Items[ArrivalKey] = time.GetUtcNow().ToUnixTimeMilliseconds();
        context.Response.OnStarting(static state =>
        {
            var (response, clock) = ((HttpResponse, TimeProvider))state;
            response.Headers[RequestSigning.ServerTimeHeader] =
                clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        }, (context.Response, time));

        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed, ContentLength: null })
            {
                throw new DwebException(Catalogue.NotFound, $"There is no {context.Request.Method} {context.Request.Path}.");
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to read an answer.
        }
#pragma warning disable CA1031 // The edge of the program: whatever is left becomes a problem document, and is logged.
        catch (Exception failure) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            var problem = Describe(failure, context);
            context.Response.Clear();
            await Answer.Problem(problem).ExecuteAsync(context);
        }
    }

    private Problem Describe(Exception failure, HttpContext context)
    {
        switch (failure)
        {
            case DwebException refusal:
                LogRefused(logger, context.Request.Method, context.Request.Path, refusal.Error.Code, refusal.Message);
                return Problem.From(refusal);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large:
                return Problem.From(new DwebException(Catalogue.BodyTooLarge, large.Message));
            case BadHttpRequestException bad:
                return Problem.From(new DwebException(Catalogue.InvalidValue, bad.Message));
            case var _ when outages.Explain(failure):
                return Problem.From(failure is RpcUnavailableException chain
                    ? new DwebException(Catalogue.ChainUnreachable, $"{chain.Endpoint} {chain.What}.")
                    : new DwebException(Catalogue.StorageUnreachable, "The storage account did not answer."));
            default:
                LogBroken(logger, failure, context.Request.Method, context.Request.Path, context.TraceIdentifier);
                return Problem.From(new DwebException(Catalogue.Internal, $"Request {context.TraceIdentifier} failed."));
        }
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "{Method} {Path} refused: {Code}: {Detail}")]
    private static partial void LogRefused(ILogger logger, string method, string path, string code, string detail);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "{Method} {Path} broke (request {Id}).")]
    private static partial void LogBroken(ILogger logger, Exception failure, string method, string path, string id);
}
