using Dweb.Agent.Startup;

return await AgentProgram.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
