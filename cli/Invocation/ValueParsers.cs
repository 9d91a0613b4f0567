using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Invocation;

/// <summary>Values that people type, read before anything runs: what cannot be read is an error of usage.</summary>
internal static class ValueParsers
{
    public delegate bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value);

    public static Argument<BigInteger> AmountArgument(string description) => new("AMOUNT")
    {
        Description = description + " DWEB as 12.5, or wei as 1000wei.",
        CustomParser = One<BigInteger>(Amount.TryParse, AmountForm),
    };

    public static Argument<BigInteger?> OptionalAmountArgument(string description) => new("AMOUNT")
    {
        Description = description + " DWEB as 12.5, or wei as 1000wei.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? null : One<BigInteger>(Amount.TryParse, AmountForm)(result),
    };

    public static Option<BigInteger> AmountOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "AMOUNT",
        CustomParser = One<BigInteger>(Amount.TryParse, AmountForm),
    };

    public static Argument<EvmAddress> AddressArgument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = One<EvmAddress>(EvmAddress.TryParse, AddressForm),
    };

    public static Option<EvmAddress?> AddressOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS",
        CustomParser = result => One<EvmAddress>(EvmAddress.TryParse, AddressForm)(result),
    };

    /// <param name="form">What the value should have been, to follow "is not".</param>
    public static Func<ArgumentResult, T> One<T>(TryParse<T> tryParse, string form) => result =>
    {
        string text = result.Tokens[^1].Value;
        if (tryParse(text, out var value))
        {
            return value;
        }

        result.AddError($"'{text}' is not {form}.");
        return default!;
    };

    /// <summary>For options that may be repeated.</summary>
    public static Func<ArgumentResult, T[]> Many<T>(TryParse<T> tryParse, string form) => result =>
    {
        var values = new List<T>();
        foreach (var token in result.Tokens)
        {
            if (tryParse(token.Value, out var value))
            {
                values.Add(value);
            }
            else
            {
                result.AddError($"'{token.Value}' is not {form}.");
            }
        }

        return [.. values];
    };

    public static Argument<Hash32> HashArgument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = One<Hash32>(Hash32.TryParse, "a hash: 0x and 64 hexadecimal digits"),
    };

    private const string AddressForm = "an address: 0x and 40 hexadecimal digits, with the right checksum if in mixed case";
    private const string AmountForm = "an amount; write DWEB as 12.5, or wei as 1000wei";
}
