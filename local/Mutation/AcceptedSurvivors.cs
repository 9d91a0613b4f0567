using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dweb.Local.Mutation;

/// <summary>A mutant that no test can tell from the original, and why.</summary>
/// <param name="File">Path in the contracts' folder.</param>
/// <param name="Original">The line as the source has it, without the spaces around it.</param>
/// <param name="Replacement">The line as the mutant has it.</param>
/// <param name="Reason">Why no test can notice.</param>
internal sealed record AcceptedSurvivor(string File, string Original, string Replacement, string Reason);

/// <summary>The survivors that people have looked at: <c>contracts/test/mutation-survivors.json</c>. They count as survivors all the same.</summary>
internal sealed record AcceptedSurvivors(IReadOnlyList<AcceptedSurvivor> Survivors)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <exception cref="LocalException">The file is no list of survivors with reasons.</exception>
    public static AcceptedSurvivors Read(string contracts)
    {
        var file = Path.Combine(contracts, "test", "mutation-survivors.json");
        return File.Exists(file) ? Parse(file, File.ReadAllText(file)) : new AcceptedSurvivors([]);
    }

    public static AcceptedSurvivors Parse(string file, string json)
    {
        try
        {
            var survivors = JsonSerializer.Deserialize<List<AcceptedSurvivor>>(json, Options) ?? throw new JsonException("it is null");
            return survivors.Find(s => string.IsNullOrWhiteSpace(s.Reason)) is { } silent
                ? throw new JsonException($"'{silent.Replacement}' has no reason")
                : new AcceptedSurvivors(survivors);
        }
        catch (JsonException wrong)
        {
            throw new LocalException($"{file} is no list of survivors: {wrong.Message}", "Each has file, original, replacement and reason.", wrong);
        }
    }

    public string? ReasonFor(Mutant mutant) =>
        Survivors.FirstOrDefault(s => s.File == mutant.File && s.Original == mutant.OriginalLine && s.Replacement == mutant.MutatedLine)?.Reason;

    /// <summary>Entries that speak of no mutant of the sources as they are: their line was changed.</summary>
    public IReadOnlyList<AcceptedSurvivor> Stale(IReadOnlyCollection<Mutant> all)
    {
        var known = all.Select(m => (m.File, m.OriginalLine, m.MutatedLine)).ToHashSet();
        return [.. Survivors.Where(s => !known.Contains((s.File, s.Original, s.Replacement)))];
    }
}
