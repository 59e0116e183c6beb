package itemseal.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.cryptography.dbencryptionsdk.dynamodb.DynamoDbEncryptionInterceptor;
import software.amazon.cryptography.dbencryptionsdk.dynamodb.model.DynamoDbTableEncryptionConfig;
import software.amazon.cryptography.dbencryptionsdk.dynamodb.model.DynamoDbTablesEncryptionConfig;
import software.amazon.cryptography.dbencryptionsdk.structuredencryption.model.CryptoAction;
import software.amazon.cryptography.materialproviders.IKeyring;
import software.amazon.cryptography.materialproviders.MaterialProviders;
import software.amazon.cryptography.materialproviders.model.CreateAwsKmsMrkKeyringInput;
import software.amazon.cryptography.materialproviders.model.DBEAlgorithmSuiteId;
import software.amazon.cryptography.materialproviders.model.MaterialProvidersConfig;

/** Makes AWS's clients, pointed at one endpoint. */
final class Clients {
  private Clients() {}

  /**
   * A client that encrypts and decrypts, from a request with {@code endpoint}, {@code region}, {@code key_arn},
   * {@code table}, {@code partition_key}, {@code sort_key}, {@code suite}, {@code actions} (by attribute) and
   * {@code unsigned_prefix}. Suite and actions have AWS's own names.
   */
  static DynamoDbClient encrypting(JsonNode request) {
    Map<String, CryptoAction> actions = new HashMap<>();
    request.required("actions").fields().forEachRemaining(
        action -> actions.put(action.getKey(), CryptoAction.valueOf(action.getValue().textValue())));
    String table = text(request, "table");
    DynamoDbTableEncryptionConfig config = DynamoDbTableEncryptionConfig.builder()
        .logicalTableName(table)
        .partitionKeyName(text(request, "partition_key"))
        .sortKeyName(text(request, "sort_key"))
        .attributeActionsOnEncrypt(actions)
        .allowedUnsignedAttributePrefix(text(request, "unsigned_prefix"))
        .algorithmSuiteId(DBEAlgorithmSuiteId.valueOf(text(request, "suite")))
        .keyring(keyring(request))
        .build();
    DynamoDbTablesEncryptionConfig tables =
        DynamoDbTablesEncryptionConfig.builder().tableEncryptionConfigs(Map.of(table, config)).build();
    DynamoDbEncryptionInterceptor interceptor = DynamoDbEncryptionInterceptor.builder().config(tables).build();
    return aimed(DynamoDbClient.builder(), request)
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(override -> override.addExecutionInterceptor(interceptor))
        .build();
  }

  /** The MRK keyring over the Region's own replica of the key. */
  private static IKeyring keyring(JsonNode request) {
    KmsClient kms =
        aimed(KmsClient.builder(), request).httpClient(UrlConnectionHttpClient.create()).build();
    CreateAwsKmsMrkKeyringInput input =
        CreateAwsKmsMrkKeyringInput.builder().kmsClient(kms).kmsKeyId(text(request, "key_arn")).build();
    MaterialProvidersConfig config = MaterialProvidersConfig.builder().build();
    return MaterialProviders.builder().MaterialProvidersConfig(config).build().CreateAwsKmsMrkKeyring(input);
  }

  private static <B extends AwsClientBuilder<B, C>, C> B aimed(B builder, JsonNode request) {
    return builder
        .endpointOverride(URI.create(text(request, "endpoint")))
        .region(Region.of(text(request, "region")))
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("lab", "lab")));
  }

  private static String text(JsonNode request, String field) {
    return request.required(field).textValue();
  }
}
