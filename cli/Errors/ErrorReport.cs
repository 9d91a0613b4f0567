using System.Text.Json;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Errors;

/// <summary>How an error leaves the program: a line and a hint for people, a problem document for machines; both on standard error.</summary>
internal static class ErrorReport
{
    public static void Write(Problem problem, bool json)
    {
        if (json)
        {
            Console.Error.WriteLine(JsonSerializer.Serialize(problem, DwebJson.Default.Problem));
            return;
        }

        string where = problem.Field is null ? "" : problem.Field + ": ";
        Console.Error.WriteLine("error: " + where + OneLine(problem.Detail ?? problem.Title));
        if (problem.Hint is not null)
        {
            Console.Error.WriteLine("hint: " + OneLine(problem.Hint));
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
