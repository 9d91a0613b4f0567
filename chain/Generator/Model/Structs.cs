namespace Dweb.Chain.Generator.Model;

/// <summary>Every struct that the contracts' functions, events and errors mention, once.</summary>
internal static class Structs
{
    public static IReadOnlyList<Parameter> Of(IEnumerable<Contract> contracts)
    {
        var found = new SortedDictionary<string, Parameter>(System.StringComparer.Ordinal);
        foreach (var parameter in contracts.SelectMany(Mentioned))
        {
            Add(found, parameter);
        }

        return [.. found.Values];
    }

    private static void Add(SortedDictionary<string, Parameter> found, Parameter parameter)
    {
        if (parameter.StructName is not { } name)
        {
            return;
        }

        foreach (var component in parameter.Components)
        {
            Add(found, component);
        }

        if (!found.TryGetValue(name, out var known))
        {
            found[name] = parameter;
        }
        else if (Shape(known) != Shape(parameter))
        {
            throw new AbiFileException($"two structs are called {name} and differ: {Shape(known)} and {Shape(parameter)}");
        }
    }

    private static string Shape(Parameter p) => string.Join(", ", p.Components.Select(c => $"{c.CanonicalType} {c.Name}"));

    private static IEnumerable<Parameter> Mentioned(Contract contract) => contract.Constructor
        .Concat(contract.Functions.SelectMany(f => f.Signed.Parameters.Concat(f.Outputs)))
        .Concat(contract.Events.Concat(contract.Errors).SelectMany(e => e.Parameters));
}
