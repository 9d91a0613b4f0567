return await Dweb.Cli.Invocation.CommandLine.RunAsync(args);
