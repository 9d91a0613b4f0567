namespace Dweb.Core.Protocol.Errors;

/// <summary>One entry of the catalogue that the API, the command line and the translation of contract errors share.</summary>
/// <param name="Code">Stable, lower case with dashes; the last part of a problem's type.</param>
/// <param name="HttpStatus">400 to 599.</param>
/// <param name="Title">A sentence without values.</param>
/// <param name="Hint">What the reader can do next.</param>
public sealed record ErrorCode(string Code, int HttpStatus, string Title, string Hint)
{
    /// <summary>The <c>type</c> of a problem document.</summary>
    public string TypeUri => "urn:dweb:error:" + Code;

    public override string ToString() => Code;
}
