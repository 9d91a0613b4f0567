using Dweb.Agent.Tests.Escape;
using Dweb.Agent.Tests.Metering;

namespace Dweb.Agent.Tests.Runtimes.Conformance;

[Trait("Category", "Integration")]
public sealed class DockerLifecycle(DockerUnderTest engine) : LifecycleCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerIdentity(DockerUnderTest engine) : IdentityCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerLimits(DockerUnderTest engine) : LimitCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerVolumes(DockerUnderTest engine) : VolumeCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerNetworks(DockerUnderTest engine) : NetworkCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerPorts(DockerUnderTest engine) : PortCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerHealth(DockerUnderTest engine) : HealthCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerLogs(DockerUnderTest engine) : LogCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerRestarts(DockerUnderTest engine) : RestartCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerAdoption(DockerUnderTest engine) : AdoptionCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerCollection(DockerUnderTest engine) : CollectionCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerImages(DockerUnderTest engine, Quay quay) : ImageCases(engine, quay), IClassFixture<DockerUnderTest>, IClassFixture<Quay>;

[Trait("Category", "Integration")]
public sealed class DockerEvents(DockerUnderTest engine) : EventCases(engine), IClassFixture<DockerUnderTest>;

[Trait("Category", "Integration")]
public sealed class DockerMeters(DockerUnderTest engine) : MeterCases(engine), IClassFixture<DockerUnderTest>;
