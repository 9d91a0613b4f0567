using System.CommandLine;
using Dweb.Local.Package;

namespace Dweb.Local.Commands;

/// <summary><c>dweb local package</c>: what a host installs.</summary>
internal static class PackageCommand
{
    public static Command Create()
    {
        var output = new Option<string?>("--output") { Description = "where the two files go; .dweb/package otherwise", HelpName = "DIR" };
        var command = new Command("package", "Make the Debian package and the tarball of agent and command line, with the runtime inside. Example: dweb local package --output out") { output };
        command.Runs(async (workshop, parsed, stop) =>
        {
            var target = Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine(workshop.Repository.Generated, "package"));
            var work = Path.Combine(workshop.Repository.Generated, "package-work");
            var package = new HostPackage(workshop.Repository, workshop.Tool);
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }

            var programs = await workshop.Screen.During("compiling agent and command line", p => package.Publish(work, p.Say, stop));
            var made = await workshop.Screen.During("packing them", _ => package.Pack(programs, work, target, stop));
            Directory.Delete(work, recursive: true);
            workshop.Screen.Plain(made.Debian);
            workshop.Screen.Plain(made.Tarball);
            return 0;
        });
        return command;
    }
}
