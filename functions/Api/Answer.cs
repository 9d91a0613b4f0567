using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Api;

/// <summary>Answers are written whole with their length: a Functions host does not forward chunked ones.</summary>
internal static class Answer
{
    public static IResult Json<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        new BytesAnswer(status, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <param name="json">Already JSON.</param>
    public static IResult RawJson(string json) => new BytesAnswer(StatusCodes.Status200OK, "application/json", System.Text.Encoding.UTF8.GetBytes(json));

    public static IResult Text(string text) => new BytesAnswer(StatusCodes.Status200OK, "text/plain; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(text));

    public static IResult Binary(byte[] bytes) => new BytesAnswer(StatusCodes.Status200OK, "application/octet-stream", bytes);

    public static IResult Problem(Problem problem) =>
        new BytesAnswer(problem.Status, Core.Protocol.Errors.Problem.ContentType, JsonSerializer.SerializeToUtf8Bytes(problem, Core.Protocol.Http.DwebJson.Default.Problem));

    private sealed class BytesAnswer(int status, string contentType, byte[] body) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = contentType;
            httpContext.Response.ContentLength = body.Length;
            if (!HttpMethods.IsHead(httpContext.Request.Method))
            {
                await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
            }
        }
    }
}
