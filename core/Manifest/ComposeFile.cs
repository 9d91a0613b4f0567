namespace Dweb.Core.Manifest;

/// <summary>Reads the part of the Compose format that Dweb runs.</summary>
public static class ComposeFile
{
    /// <param name="fileName">Names the file in errors, and the deployment if the file does not.</param>
    /// <exception cref="Protocol.Errors.DwebException">
    /// compose-unsupported-key or compose-malformed, with <c>file:line</c> as its field. A key is carried out or refused, never ignored.
    /// </exception>
    public static Deployment Parse(string text, string fileName) => throw new NotSupportedException("Reading Compose files is not built yet.");
}
