namespace Dweb.Local.Install;

/// <summary>Where a missing part comes from.</summary>
internal enum Origin
{
    /// <summary>A Debian package, installed by apt-get.</summary>
    Debian,

    /// <summary>The pinned set of npm packages, installed into the generated folder.</summary>
    Npm,

    /// <summary>Something that a person installs before: it cannot be had from here.</summary>
    Person,
}

/// <summary>A part that the local stack needs.</summary>
/// <param name="Package">The package that holds it.</param>
/// <param name="Purpose">What it is for, in a few words.</param>
/// <param name="Origin">Where it comes from.</param>
internal sealed record Requirement(string Package, string Purpose, Origin Origin);
