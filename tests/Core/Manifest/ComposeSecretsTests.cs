using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Core.Tests.Manifest;

public sealed class ComposeSecretsTests
{
    [Fact]
    public void Secrets_are_read_in_both_forms_and_from_each_source()
    {
        var deployment = ComposeFile.Parse(
            """
            services:
              web:
                image: web
                secrets:
                  - db
                  - source: api.key
                    target: key
              cache: { image: cache }
            secrets:
              db: { file: ./db.txt }
              api.key: { environment: API_KEY }
              typed:
            """, "compose.yaml");
        Assert.Equal([new SecretUse("db", "db"), new SecretUse("api.key", "key")], deployment.Services[0].Secrets);
        Assert.Empty(deployment.Services[1].Secrets);
        Assert.Equal(
            [("api.key", new SecretSource(null, "API_KEY")), ("db", new SecretSource("./db.txt", null)), ("typed", new SecretSource(null, null))],
            deployment.Secrets.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => (pair.Key, pair.Value)));
    }

    [Theory]
    [InlineData("services: { web: { image: web, secrets: [db] } }", "uses a secret 'db' that the file does not declare")]
    [InlineData("services: { web: { image: web, secrets: [db, db] } }\nsecrets: { db: }", "puts a second secret into the file 'db'")]
    [InlineData("services: { web: { image: web, secrets: ['../db'] } }\nsecrets: { db: }", "'../db' is no name of a secret")]
    [InlineData("services: { web: { image: web, secrets: [{ source: db, target: /etc/db }] } }\nsecrets: { db: }", "'/etc/db' is no name of a secret")]
    [InlineData("services: { web: { image: web, secrets: [db], tmpfs: [/run/secrets] } }\nsecrets: { db: }", "'/run/secrets' is where its secrets are")]
    [InlineData("services: { web: { image: web } }\nsecrets: { 'a b': }", "must be letters, digits, dots, dashes and underscores")]
    [InlineData("services: { web: { image: web } }\nsecrets: { db: { file: a, environment: B } }", "has both 'file' and 'environment'")]
    public void What_cannot_be_is_refused_with_its_place(string text, string words)
    {
        var refused = Assert.Throws<DwebException>(() => ComposeFile.Parse(text, "compose.yaml"));
        Assert.Equal(Catalogue.ComposeMalformed, refused.Error);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("compose.yaml:", refused.Field, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("services: { web: { image: web } }\nsecrets: { db: { external: true } }", "secrets.db.external is not supported")]
    [InlineData("services: { web: { image: web, secrets: [{ source: db, mode: 0400 }] } }\nsecrets: { db: }", "mode is not supported: every process of the container may read its secrets")]
    public void What_is_not_supported_is_refused_by_name(string text, string words)
    {
        var refused = Assert.Throws<DwebException>(() => ComposeFile.Parse(text, "compose.yaml"));
        Assert.Equal(Catalogue.ComposeUnsupported, refused.Error);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }
}
