using Dweb.Agent.Tests.Escape;
using Dweb.Agent.Tests.Metering;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanLifecycle(PodmanUnderTest engine) : LifecycleCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanIdentity(PodmanUnderTest engine) : IdentityCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanLimits(PodmanUnderTest engine) : LimitCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanVolumes(PodmanUnderTest engine) : VolumeCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanNetworks(PodmanUnderTest engine) : NetworkCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanPorts(PodmanUnderTest engine) : PortCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanHealth(PodmanUnderTest engine) : HealthCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanLogs(PodmanUnderTest engine) : LogCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanRestarts(PodmanUnderTest engine) : RestartCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanAdoption(PodmanUnderTest engine) : AdoptionCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanCollection(PodmanUnderTest engine) : CollectionCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanImages(PodmanUnderTest engine, Quay quay) : ImageCases(engine, quay), IClassFixture<PodmanUnderTest>, IClassFixture<Quay>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanEvents(PodmanUnderTest engine) : EventCases(engine), IClassFixture<PodmanUnderTest>;

[Sampled(PodmanUnderTest.OneOf)]
[Trait("Category", "Integration")]
public sealed class PodmanMeters(PodmanUnderTest engine) : MeterCases(engine), IClassFixture<PodmanUnderTest>;
