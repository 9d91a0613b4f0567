using System.CommandLine;
using Dweb.Cli.Doctor;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Doctor;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <summary><c>doctor</c>: what is wrong on a user's side, and what mends it.</summary>
internal static class DoctorCommand
{
    public static Command Create(Verbs verbs) => verbs.Verb(
        "doctor", "Looks at this machine, its home folder, wallet, control plane and chain, and says what mends what is wrong.", "dweb doctor --wallet alice", [],
        async (run, cancellationToken) =>
        {
            var findings = await new Examination(run).MakeAsync(cancellationToken);
            run.Printer.Show(findings, CliJson.Default.IReadOnlyListFinding, Print);
            string[] wrong = [.. findings.Where(static finding => finding.State == FindingState.Wrong).Select(static finding => finding.Check)];
            if (wrong.Length > 0)
            {
                throw new DwebException(Catalogue.Unwell, $"{wrong.Length} of {findings.Count} checks found something wrong: {string.Join(", ", wrong)}.");
            }
        });

    private static void Print(IReadOnlyList<Finding> findings)
    {
        foreach (string line in findings.SelectMany(static finding => finding.ToLines()))
        {
            Printer.Line(line);
        }
    }
}
