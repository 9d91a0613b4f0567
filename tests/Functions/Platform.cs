using System.Runtime.Versioning;

// The program runs elsewhere too; its tests look at modes of files.
[assembly: SupportedOSPlatform("linux")]
