using Dweb.Durable.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(Azurite))]
