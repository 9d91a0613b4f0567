using System.Globalization;

namespace Dweb.Chain.Siwe;

/// <summary>A moment as RFC 3339 text. The text is kept: it is what was signed, and one moment has many spellings.</summary>
public readonly record struct SiweTime
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    private SiweTime(string text, DateTimeOffset value)
    {
        Text = text;
        Value = value;
    }

    public string Text { get; }

    public DateTimeOffset Value { get; }

    /// <summary>Whole seconds of universal time.</summary>
    public static SiweTime From(DateTimeOffset value)
    {
        var seconds = DateTimeOffset.FromUnixTimeSeconds(value.ToUnixTimeSeconds());
        return new SiweTime(seconds.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), seconds);
    }

    public static bool TryParse(string text, out SiweTime time)
    {
        bool hasZone = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
        bool ok = DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) && hasZone;
        time = ok ? new SiweTime(text, value) : default;
        return ok;
    }
}
