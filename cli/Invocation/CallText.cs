using Dweb.Chain.Abi;

namespace Dweb.Cli.Invocation;

/// <summary>A call as people write it.</summary>
/// <param name="Target">Address, or the name of a contract.</param>
/// <param name="Signature">Name and types, as <c>setFee(uint16)</c>.</param>
internal sealed record CallText(string Target, string Signature, byte[] Data)
{
    /// <summary>Reads <c>TARGET SIGNATURE ARGS…</c>, one call after the other: a signature says how many words are its arguments.</summary>
    /// <param name="problem">Why it cannot be read, as a sentence.</param>
    public static bool TryParse(IReadOnlyList<string> words, out IReadOnlyList<CallText> calls, out string? problem)
    {
        var read = new List<CallText>();
        calls = read;
        problem = null;
        for (int at = 0; at < words.Count;)
        {
            if (at + 1 == words.Count)
            {
                problem = $"After the target '{words[at]}' a signature is missing, as setFee(uint16).";
                return false;
            }

            string signature = words[at + 1];
            int parenthesis = signature.IndexOf('(', StringComparison.Ordinal);
            if (parenthesis <= 0 || !TryTypes(signature[parenthesis..], out var types))
            {
                problem = $"'{signature}' is no signature, as setFee(uint16).";
                return false;
            }

            string[] arguments = [.. words.Skip(at + 2).Take(types.Components.Count)];
            if (arguments.Length < types.Components.Count)
            {
                problem = $"{signature} takes {types.Components.Count} arguments; {arguments.Length} were given.";
                return false;
            }

            if (!TryEncode(signature, types, arguments, out byte[] data, out problem))
            {
                return false;
            }

            read.Add(new CallText(words[at], signature, data));
            at += 2 + arguments.Length;
        }

        return true;
    }

    private static bool TryTypes(string text, out TupleType types)
    {
        types = new TupleType([]);
        try
        {
            types = AbiType.ParseTuple(text);
            return true;
        }
        catch (AbiException)
        {
            // Whoever asks says what the text should have been.
            return false;
        }
    }

    private static bool TryEncode(string signature, TupleType types, string[] arguments, out byte[] data, out string? problem)
    {
        data = [];
        problem = null;
        var values = new List<AbiValue>();
        foreach (var (type, text) in types.Components.Zip(arguments))
        {
            if (!AbiText.TryParse(type, text, out var value))
            {
                problem = $"'{text}' is no {type} as {signature} takes it.";
                return false;
            }

            values.Add(value);
        }

        try
        {
            data = Selector.Of(signature).Call(types, values);
            return true;
        }
        catch (AbiException fault)
        {
            problem = $"{signature} cannot be called so: {fault.Message}";
            return false;
        }
    }
}
