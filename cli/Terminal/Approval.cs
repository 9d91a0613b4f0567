using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Terminal;

/// <summary>Shows what is about to be signed, and asks; nothing is signed unseen unless the user said yes beforehand.</summary>
internal sealed class Approval(bool yes)
{
    /// <summary>Nobody is asked: what is about to be signed was approved beforehand.</summary>
    public bool IsGiven => yes;

    /// <summary>Before anything is looked up that only a signature would use.</summary>
    /// <exception cref="DwebException">There is no terminal to ask at.</exception>
    public void Require()
    {
        if (!yes && Console.IsInputRedirected)
        {
            throw new DwebException(Catalogue.ApprovalNeeded, "Nothing was signed: there is no terminal to ask at.");
        }
    }

    /// <param name="what">One line, as <c>deposit 100 DWEB into the escrow</c>.</param>
    /// <exception cref="DwebException">The user said no, or there is no terminal to ask at.</exception>
    public void Ask(string what, EvmAccount signer)
    {
        if (yes)
        {
            return;
        }

        if (Console.IsInputRedirected)
        {
            throw new DwebException(Catalogue.ApprovalNeeded, $"{signer.Name} ({signer.Address}) would sign: {what}. Nothing was signed: there is no terminal to ask at.");
        }

        Console.Error.WriteLine($"{signer.Name} ({signer.Address}) signs: {what}");
        Console.Error.Write("Sign? [y/N] ");
        if (Console.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
        {
            throw new DwebException(Catalogue.NotApproved, "Nothing was signed: the answer was no.");
        }
    }

    /// <summary>For what is not signed and cannot be taken back.</summary>
    /// <param name="what">One line, as <c>the removal of /etc/dweb</c>.</param>
    /// <exception cref="DwebException">The user said no, or there is no terminal to ask at.</exception>
    public void Confirm(string what)
    {
        if (yes)
        {
            return;
        }

        if (Console.IsInputRedirected)
        {
            throw new DwebException(Catalogue.ApprovalNeeded, $"There is no terminal to ask at for {what}.");
        }

        Console.Error.WriteLine($"This cannot be taken back: {what}");
        Console.Error.Write("Go on? [y/N] ");
        if (Console.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
        {
            throw new DwebException(Catalogue.NotApproved, $"The answer was no: {what}.");
        }
    }
}
