namespace Dweb.Local.Layout;

/// <summary>Everything that one local stack writes, under one folder.</summary>
internal sealed record StateFolder(string Root)
{
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>One record for each process that runs now.</summary>
    public string Run => Path.Combine(Root, "run");

    public string Data => Path.Combine(Root, "data");

    public string Wallets => Path.Combine(Root, "wallets");

    public string Lock => Path.Combine(Root, "stack.lock");

    /// <summary>Addresses of a stack that is up; absent otherwise.</summary>
    public string Description => Path.Combine(Root, "stack.json");

    public string Log(string part) => Path.Combine(Logs, part + ".log");

    public string DataOf(string part) => Path.Combine(Data, part);

    public void Create()
    {
        foreach (var folder in (string[])[Root, Logs, Run, Data, Wallets])
        {
            Directory.CreateDirectory(folder);
        }
    }
}
