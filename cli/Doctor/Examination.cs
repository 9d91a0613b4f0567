using Dweb.Chain.Rpc;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Core.Doctor;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Doctor;

/// <summary>Looks at a user's machine, home, wallet, control plane and chain; changes nothing and signs nothing.</summary>
internal sealed class Examination(Run run)
{
    private readonly List<Finding> findings = [];

    public async Task<IReadOnlyList<Finding>> MakeAsync(CancellationToken cancellationToken)
    {
        string own = typeof(Examination).Assembly.GetName().Version!.ToString(3);
        findings.Add(Finding.Ok("machine", $"dweb {own}, .NET {Environment.Version} on {System.Runtime.InteropServices.RuntimeInformation.OSDescription}"));
        Home();
        Wallet();
        var health = await TryAsync("control plane", async () =>
        {
            var answer = await run.Api.GetAsync("/api/health", DwebJson.Default.HealthView, null, cancellationToken);
            findings.Add(Judgements.Version(answer, own));
            return answer;
        });
        var head = await TryAsync("chain", async () =>
        {
            await run.Chain.RequireAsync(cancellationToken);
            var newest = await run.Chain.Client.GetHeadAsync(cancellationToken);
            findings.Add(Finding.Ok("chain", $"{run.Chain.Client.Rpc.Endpoint} serves chain {run.Chain.Addresses.ChainId} with the contracts of the deployment file"));
            return newest;
        });
        Together(health, head);
        await MoneyAsync(head, cancellationToken);
        return findings;
    }

    private void Home()
    {
        string folder = run.Home.Folder;
        if (!Directory.Exists(folder))
        {
            findings.Add(Finding.Warning("home", $"there is no folder {folder} yet.", "'dweb wallet new NAME' makes it; or set DWEB_HOME."));
            return;
        }

        UnixFileMode? mode = OperatingSystem.IsWindows() ? null : WidestMode();
        findings.Add(Judgements.Folder(folder, mode));
    }

    /// <summary>What anybody may do to the folders of keys and logins, or to a file in them.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private UnixFileMode WidestMode()
    {
        var mode = UnixFileMode.None;
        foreach (string inner in run.Home.SecretFolders.Where(Directory.Exists))
        {
            mode |= File.GetUnixFileMode(inner);
            foreach (string file in Directory.EnumerateFiles(inner))
            {
                mode |= File.GetUnixFileMode(file);
            }
        }

        return mode;
    }

    private void Wallet() => Try("wallet", () =>
    {
        if (run.WalletName() is null)
        {
            findings.Add(Finding.Warning("wallet", "none was named.", Catalogue.WalletNeeded.Hint));
            return;
        }

        run.Wallet.Open();
        findings.Add(Finding.Ok("wallet", $"{run.Wallet.Account.Name} ({run.Wallet.Account.Address}) opens"));
    });

    private void Together(HealthView? health, BlockHead? head)
    {
        if (head is null)
        {
            Skip("the chain", "clock");
        }
        else
        {
            findings.Add(CommonJudgements.Clock(run.Time.GetUtcNow().ToUnixTimeSeconds(), head.Timestamp));
        }

        if (health is null || head is null)
        {
            Skip(health is null ? "the control plane" : "the chain", "same chain", "index");
            return;
        }

        findings.Add(Judgements.Agreement(health, run.Chain.Addresses.ChainId, run.Chain.Addresses.LeaseBook));
        findings.Add(Judgements.Index(health, head.Number));
    }

    private async Task MoneyAsync(BlockHead? head, CancellationToken cancellationToken)
    {
        if (head is null || run.WalletName() is null)
        {
            Skip(head is null ? "the chain" : "a wallet", "gas", "money");
            return;
        }

        await TryAsync("money", async () =>
        {
            var user = run.Wallet.Account.Address;
            findings.Add(Judgements.Gas(await run.Chain.Client.GetBalanceAsync(user, BlockTag.Latest, cancellationToken)));
            findings.Add(Judgements.Money(
                await run.Chain.Token.BalanceOfAsync(user, cancellationToken: cancellationToken), await run.Chain.Book.FreeOfAsync(user, cancellationToken: cancellationToken),
                await run.Chain.Token.AllowanceAsync(user, run.Chain.Addresses.LeaseBook, cancellationToken: cancellationToken)));
            return head;
        });
    }

    private void Skip(string needed, params IReadOnlyList<string> checks) =>
        findings.AddRange(checks.Select(check => Finding.Skip(check, needed)));

    private void Try(string check, Action look)
    {
        try
        {
            look();
        }
        catch (Exception fault) when (FaultTranslation.TryRead(fault, out var problem))
        {
            findings.Add(Of(check, problem));
        }
    }

    private async Task<T?> TryAsync<T>(string check, Func<Task<T>> look)
        where T : class
    {
        try
        {
            return await look();
        }
        catch (Exception fault) when (FaultTranslation.TryRead(fault, out var problem))
        {
            findings.Add(Of(check, problem));
            return null;
        }
    }

    private static Finding Of(string check, Problem problem) => Finding.Wrong(check, problem.Detail ?? problem.Title, problem.Hint ?? "");
}
