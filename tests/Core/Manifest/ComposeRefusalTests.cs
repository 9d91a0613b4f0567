using CsCheck;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Core.Tests.Manifest;

public sealed class ComposeRefusalTests
{
    private const string Head = "services:\n  web:\n    image: web\n";

    /// <summary>Keys under the service 'web', which begin on line 4; the line of the fault; words of the message.</summary>
    [Theory]
    [InlineData("    privileged: true", 4, "services.web.privileged is not supported: a container has no access to the host")]
    [InlineData("    restart: always\n    devices: [/dev/kvm]", 5, "services.web.devices")]
    [InlineData("    network_mode: host", 4, "services.web.network_mode")]
    [InlineData("    pid: host", 4, "services.web.pid")]
    [InlineData("    cap_add: [NET_ADMIN]", 4, "services.web.cap_add")]
    [InlineData("    volumes:\n      - /:/host", 5, "asks for a path of the host with '/:/host'")]
    [InlineData("    volumes:\n      - ./data:/data", 5, "asks for a path of the host")]
    [InlineData("    volumes:\n      - ~/data:/data", 5, "asks for a path of the host")]
    [InlineData("    volumes:\n      - data:/data:ro", 5, "has options in 'data:/data:ro'")]
    [InlineData("    volumes:\n      - type: bind\n        source: /etc\n        target: /etc2", 5, "nothing of the host can be mounted")]
    [InlineData("    volumes:\n      - type: volume\n        target: /data\n        read_only: true", 7, "services.web.volumes.read_only")]
    [InlineData("    tmpfs: /run:size=64m", 4, "has options in '/run:size=64m'")]
    [InlineData("    read_only: false", 4, "must be true")]
    [InlineData("    volumes_from: [other]", 4, "no two replicas share a volume")]
    [InlineData("    build: .", 4, "dweb image publish")]
    [InlineData("    env_file: .env", 4, "services.web.env_file")]
    [InlineData("    colour: red", 4, "services.web.colour is not supported.")]
    [InlineData("    deploy:\n      mode: global", 5, "services.web.deploy.mode")]
    [InlineData("    deploy:\n      resources:\n        limits:\n          pids: 5", 7, "services.web.deploy.resources.limits.pids")]
    [InlineData("    deploy:\n      resources:\n        limits: { cpus: 1 }\n        reservations: { cpus: 0.5 }", 6, "differs from the reservation")]
    [InlineData("    healthcheck:\n      test: x\n      start_interval: 1s", 6, "services.web.healthcheck.start_interval")]
    [InlineData("    deploy:\n      update_config:\n        max_failure_ratio: 0.1", 6, "services.web.deploy.update_config.max_failure_ratio")]
    [InlineData("    x-dweb:\n      gpu: 1", 5, "services.web.x-dweb.gpu")]
    [InlineData("    x-dweb:\n      max-price: { gpu: 1 }", 5, "services.web.x-dweb.max-price.gpu")]
    [InlineData("    ports:\n      - 80\n      - 8080:80", 6, "asks for a port of the host with '8080:80'")]
    [InlineData("    ports:\n      - 53/udp", 5, "single TCP ports")]
    [InlineData("    ports:\n      - 8000-8010", 5, "single TCP ports")]
    [InlineData("    ports:\n      - target: 80\n        published: 8080", 6, "services.web.ports.published")]
    [InlineData("    environment:\n      A: 1\n      HOME:", 6, "gives 'HOME' no value")]
    [InlineData("    environment:\n      - A=1\n      - HOME", 6, "gives 'HOME' no value")]
    [InlineData("    environment:\n      A: ${HOME}", 5, "uses a variable")]
    [InlineData("    command: echo $HOME", 4, "uses a variable")]
    [InlineData("    <<: { restart: always }", 4, "merging is not supported")]
    [InlineData("    command: !!str hello", 4, "the tag")]
    public void An_unsupported_key_is_refused_by_name_and_line(string keys, int line, string words) =>
        AssertRefused(Catalogue.ComposeUnsupported, Head + keys, line, words);

    [Theory]
    [InlineData("version: '3'\nservices: { web: { image: web } }", 1, "version is not supported: the key is obsolete")]
    [InlineData("services: { web: { image: web } }\nvolumes: { data: { driver: nfs } }", 2, "volumes.data.driver is not supported: a volume is made by the agent")]
    [InlineData("services: { web: { image: web, volumes: ['d:/d'] }, two: { image: two, volumes: ['d:/e'] } }\nvolumes: { d: }", 1, "no two replicas share a volume")]
    [InlineData("services: { web: { image: web } }\nx-common: 1", 2, "only x-dweb is read")]
    [InlineData("x-dweb:\n  duration: 1h\n  budget: 5\nservices: { web: { image: web } }", 3, "x-dweb.budget")]
    public void An_unsupported_key_at_the_top_is_refused_too(string text, int line, string words) =>
        AssertRefused(Catalogue.ComposeUnsupported, text, line, words);

    [Theory]
    [InlineData("    image: other", 4, "uplicate key")]
    [InlineData("    command: [a", 5, "")]
    [InlineData("\tcommand: a", 4, "tab")]
    [InlineData("    command: 'a b", 4, "")]
    [InlineData("    command: \"a 'b\"", 4, "a quote that is not closed")]
    [InlineData("    command: []", 4, "at least one word")]
    [InlineData("    command: {}", 4, "must be a text")]
    [InlineData("    deploy: { replicas: 0 }", 4, "from 1 to 256")]
    [InlineData("    deploy: { replicas: 257 }", 4, "from 1 to 256")]
    [InlineData("    deploy: { replicas: -1 }", 4, "from 1 to 256")]
    [InlineData("    deploy: { replicas: two }", 4, "from 1 to 256")]
    [InlineData("    deploy:\n      resources:\n        limits:\n          cpus: 0.0001", 7, "at most three decimals")]
    [InlineData("    deploy:\n      resources:\n        limits:\n          cpus: 0", 7, "number of CPUs")]
    [InlineData("    deploy:\n      resources:\n        limits:\n          cpus: -1", 7, "number of CPUs")]
    [InlineData("    deploy:\n      resources:\n        limits:\n          memory: 100", 7, "whole number of MiB")]
    [InlineData("    deploy:\n      resources:\n        limits:\n          memory: 1m", 7, "must be 6 to")]
    [InlineData("    deploy:\n      resources:\n        limits:\n          memory: much", 7, "must be a size")]
    [InlineData("    restart: sometimes", 4, "must be no, always")]
    [InlineData("    stop_grace_period: 6m", 4, "0 to 300 seconds")]
    [InlineData("    stop_grace_period: 500ms", 4, "whole seconds")]
    [InlineData("    healthcheck:\n      interval: 5s", 5, "needs 'test'")]
    [InlineData("    healthcheck:\n      test: [curl, x]", 5, "begins with CMD")]
    [InlineData("    healthcheck:\n      test: x\n      disable: maybe", 6, "true or false")]
    [InlineData("    deploy:\n      update_config:\n        order: both", 6, "start-first or stop-first")]
    [InlineData("    deploy:\n      update_config:\n        failure_action: cry", 6, "rollback, pause or continue")]
    [InlineData("    deploy:\n      update_config:\n        parallelism: -1", 6, "from 0 to 256")]
    [InlineData("    volumes: [/]", 4, "no path on which")]
    [InlineData("    volumes: [data]", 4, "no path on which")]
    [InlineData("    volumes: [/a/../b]", 4, "no path on which")]
    [InlineData("    volumes: [/proc/x]", 4, "no path on which")]
    [InlineData("    volumes: [/etc]", 4, "no path on which")]
    [InlineData("    volumes: [/data/]", 4, "no path on which")]
    [InlineData("    volumes: ['data:/data']", 3, "does not declare")]
    [InlineData("    volumes: ['-x:/data']", 4, "no name of a volume")]
    [InlineData("    volumes: [/data, /data]", 4, "mounted twice")]
    [InlineData("    volumes: [/data]\n    tmpfs: [/data]", 5, "mounted twice")]
    [InlineData("    volumes: [/data]\n    x-dweb: { storage: 4m }", 4, "needs x-dweb.storage of at least 8 MiB")]
    [InlineData("    tmpfs: [/sys]", 4, "no path on which")]
    [InlineData("    ports: [0]", 4, "no port from 1 to 65535")]
    [InlineData("    ports: [65536]", 4, "no port from 1 to 65535")]
    [InlineData("    ports: [80, 80/tcp]", 4, "twice")]
    [InlineData("    ports: 80", 4, "must be a list")]
    [InlineData("    environment: { DWEB_LEASE: x }", 4, "the agent's")]
    [InlineData("    environment: { 1A: x }", 4, "a variable named '1A'")]
    [InlineData("    environment: [A=1, A=2]", 4, "sets 'A' twice")]
    [InlineData("    x-dweb:\n      region: mars", 5, "names no region with 'mars'")]
    [InlineData("    x-dweb:\n      region: uk\n      regions: [uk]", 6, "give one of them")]
    [InlineData("    x-dweb: { transfer: 1m }", 4, "whole number of GiB")]
    [InlineData("    x-dweb: { bandwidth: 1.5 }", 4, "whole Mbit/s")]
    [InlineData("    x-dweb: { min-stake: -5 }", 4, "an amount of DWEB")]
    [InlineData("    x-dweb: { max-price: 5 }", 4, "must be a map")]
    public void A_wrong_value_is_refused_with_its_line(string keys, int line, string words) =>
        AssertRefused(Catalogue.ComposeMalformed, Head + keys, line, words);

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("just text", 1, "must be a map")]
    [InlineData("name: x", 1, "needs 'services'")]
    [InlineData("name: x\nservices: {}", 2, "no service")]
    [InlineData("services:\n  Web: { image: web }", 2, "lower-case")]
    [InlineData("services:\n  web:\n    restart: always", 3, "needs 'image'")]
    [InlineData("services:\n  web: text", 2, "must be a map")]
    [InlineData("services: { web: { image: web } }\n---\nname: x", 3, "more than one document")]
    [InlineData("services:\n  web:\n    image: web:latest", 3, "a tag can be moved")]
    [InlineData("services:\n  web:\n    image: ghcr.io/team/web", 3, "names a registry")]
    [InlineData("services:\n  web:\n    image: localhost/web", 3, "names a registry")]
    [InlineData("services:\n  web:\n    image: web@sha256:12", 3, "is no digest")]
    [InlineData("services:\n  web:\n    image: Web", 3, "no repository name")]
    [InlineData("services:\n  web:\n    image: a/../b", 3, "no repository name")]
    [InlineData("services:\n  web:\n    image: *nowhere", 3, "nowhere")]
    [InlineData("services:\n  web:\n    image: [demo/web\n    ports: 1\n", 3, "what follows cannot be read")]
    [InlineData("services:\n  web:\n    image: web\n:", 4, "a key missing")]
    [InlineData("x-dweb: { duration: 0s }\nservices: { web: { image: web } }", 1, "1 to 134217727 seconds")]
    [InlineData("x-dweb: { duration: 1m, prepay: 2m }\nservices: { web: { image: web } }", 1, "1 to 60 seconds")]
    [InlineData("x-dweb: { max-total: lots }\nservices: { web: { image: web } }", 1, "an amount of DWEB")]
    [InlineData("x-dweb: { max-fee-bps: 10001 }\nservices: { web: { image: web } }", 1, "from 0 to 10000")]
    public void A_broken_file_is_refused_with_its_line(string text, int line, string words) =>
        AssertRefused(Catalogue.ComposeMalformed, text, line, words);

    [Fact]
    public void A_file_nested_too_deep_is_refused_before_it_is_built() =>
        AssertRefused(Catalogue.ComposeMalformed, "services: " + new string('[', 100_000), 1, "nested");

    [Fact]
    public void Whatever_a_file_says_it_is_read_or_refused_with_its_line()
    {
        string[] words =
        [
            "services", "web", "image", "ports", "environment", "command", "x-dweb", "deploy", "demo/web", "80", "1h", ":", ": ", "- ", "[", "]", "{", "}", ",", "'", "\"", "#",
            "&a ", "*a", "!!str ", "|", ">", "?", "%", "@", "`", "---", "...", "<<", "\n", "\n  ", "\n    ", "\t", "\r", "\u0085", "\ufeff", "\0", "$", "\\",
        ];
        Gen.Select(Gen.Int[0, words.Length - 1].Array[0, 12], Gen.Int[0, Head.Length]).Sample((chosen, at) =>
        {
            try
            {
                ComposeFile.Parse(Head.Insert(at, string.Concat(chosen.Select(i => words[i]))), "compose.yaml");
            }
            catch (DwebException refusal)
            {
                Assert.StartsWith("compose.yaml:", refusal.Field, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void A_file_too_large_is_refused() => AssertRefused(Catalogue.ComposeMalformed, new string('#', 300_000), 1, "300000 characters");

    private static void AssertRefused(ErrorCode code, string text, int line, string words)
    {
        var refusal = Assert.Throws<DwebException>(() => ComposeFile.Parse(text, "compose.yaml"));
        Assert.Equal(code, refusal.Error);
        Assert.Equal($"compose.yaml:{line}", refusal.Field);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }
}
