using System.Numerics;
using Dweb.Cli.Errors;
using Dweb.Core.Doctor;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Doctor;

/// <summary>What is made of values that were found; no I/O.</summary>
internal static class Judgements
{
    private const ulong FarBehind = 100;

    public static Finding Folder(string path, UnixFileMode? mode) => mode is { } found && CommonJudgements.IsOpenToOthers(found)
        ? Finding.Wrong("home", $"others than its owner can read or write {path}.", $"chmod -R go-rwx '{path}'")
        : Finding.Ok("home", path);

    public static Finding Version(HealthView health, string own) => health switch
    {
        { Status: not "ok" } => Finding.Warning("control plane", $"it calls itself {health.Status}: {string.Join(" ", health.Problems)}", "Wait, or tell its operator."),
        _ when health.Version != own => Finding.Warning("control plane", $"it is of version {health.Version}, this program of {own}.", "Use the same version: messages may differ."),
        { LiveCoes: 0 } => Finding.Warning("control plane", $"version {health.Version}; no COE is heard at present.", "Nothing can be placed until a host's agent runs."),
        _ => Finding.Ok("control plane", $"version {health.Version}, {health.LiveCoes} COEs are heard"),
    };

    public static Finding Agreement(HealthView health, ulong chainId, EvmAddress leaseBook) => health switch
    {
        _ when health.ChainId != chainId => Finding.Wrong(
            "same chain", $"the control plane works on chain {health.ChainId}, your deployment file is of {chainId}.", "Choose the context whose endpoint, node and deployment file belong together."),
        { LeaseBook: { } book } when book != leaseBook => Finding.Wrong(
            "same chain", $"the control plane's lease book is {book}, that of your deployment file {leaseBook}.", "Take the deployment file of this control plane, if you trust it."),
        _ => Finding.Ok("same chain", $"chain {chainId}, lease book {leaseBook}"),
    };

    public static Finding Index(HealthView health, ulong head) => health.Indexed + FarBehind < head
        ? Finding.Warning("index", $"the control plane has read up to block {health.Indexed}; your node is at {head}.", "What it shows is old until it has caught up.")
        : Finding.Ok("index", $"read up to block {health.Indexed}; the head is {head}");

    public static Finding Gas(BigInteger coin) => coin.IsZero
        ? Finding.Warning("gas", "the wallet has none of the chain's coin.", "Send it some: every transaction needs it.")
        : Finding.Ok("gas", $"{Amount.FormatGrouped(coin)} of the chain's coin");

    public static Finding Money(BigInteger token, BigInteger free, BigInteger allowance)
    {
        string has = $"{SentenceValues.Tokens(free)} free in escrow, {SentenceValues.Tokens(token)} in the wallet, allowance of the lease book {SentenceValues.Tokens(allowance)}";
        return free.IsZero
            ? Finding.Warning("money", has + ".", token.IsZero ? "Get DWEB, then 'dweb deposit AMOUNT': leases are paid from escrow." : "'dweb deposit AMOUNT': leases are paid from escrow.")
            : Finding.Ok("money", has);
    }
}
