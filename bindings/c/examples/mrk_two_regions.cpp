// An item is encrypted in one Region under a multi-Region key, and opened in another: also while the first is down.

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <itemseal.hpp>
#include <itemseal_lab.h>

// The lab has a C header only: its failures become exceptions here.
static void check(itemseal_lab_status status, itemseal_lab_error *error) {
    if (status != ITEMSEAL_LAB_STATUS_OK) {
        std::string message = itemseal_lab_error_message(error);
        itemseal_lab_error_free(error);
        throw std::runtime_error(message);
    }
}

using lab_handle = std::unique_ptr<itemseal_lab, void (*)(itemseal_lab *)>;

static lab_handle start_lab() {
    itemseal_lab_error *error = nullptr;
    itemseal_lab_builder *builder = nullptr;
    itemseal_lab *lab = nullptr;
    check(itemseal_lab_builder_new(&builder, &error), error);
    const std::unique_ptr<itemseal_lab_builder, void (*)(itemseal_lab_builder *)> owned(builder, itemseal_lab_builder_free);
    check(itemseal_lab_builder_region(builder, ITEMSEAL_LAB_STR("us-east-1"), &error), error);
    check(itemseal_lab_builder_region(builder, ITEMSEAL_LAB_STR("eu-west-1"), &error), error);
    check(itemseal_lab_start(builder, &lab, &error), error);
    return {lab, itemseal_lab_free};
}

static std::string create_key(const lab_handle &lab) {
    itemseal_lab_error *error = nullptr;
    itemseal_lab_string *arn = nullptr;
    const itemseal_lab_text regions[] = {ITEMSEAL_LAB_TEXT("us-east-1"), ITEMSEAL_LAB_TEXT("eu-west-1")};
    check(itemseal_lab_create_key(lab.get(), regions, 2, &arn, &error), error);
    const std::unique_ptr<itemseal_lab_string, void (*)(itemseal_lab_string *)> owned(arn, itemseal_lab_string_free);
    return itemseal_lab_string_text(arn);
}

// An encryptor as a program in `home` has it: its own Region is asked first, the other one if that does not answer.
static itemseal::encryptor encryptor_in(std::string_view home, std::string_view other, std::string_view key, std::string_view endpoint) {
    itemseal::aws_builder builder;
    builder.endpoint_url(endpoint);
    builder.credentials(ITEMSEAL_LAB_ACCESS_KEY, ITEMSEAL_LAB_ACCESS_KEY);
    const itemseal::aws_config aws = builder.build();

    itemseal::config_builder table("Orders");
    table.partition_key("OrderID");
    return {table.build(), itemseal::keyring::mrk(&aws, key, {home, other})};
}

int main() try {
    const lab_handle lab = start_lab();
    const std::string key = create_key(lab);
    const std::string endpoint = itemseal_lab_endpoint(lab.get());
    const itemseal::encryptor virginia = encryptor_in("us-east-1", "eu-west-1", key, endpoint);
    const itemseal::encryptor ireland = encryptor_in("eu-west-1", "us-east-1", key, endpoint);

    itemseal::item order;
    order.set("OrderID", "1");
    order.set("Card", "4111 1111");
    const itemseal::item stored = virginia.encrypt(order);
    std::cout << "encrypted in us-east-1, opened in eu-west-1: " << ireland.decrypt(stored).get_string("Card") << '\n';

    // The first Region is down: the program there is served by the other one.
    itemseal_lab_error *error = nullptr;
    check(itemseal_lab_outage(lab.get(), ITEMSEAL_LAB_STR("us-east-1"), ITEMSEAL_LAB_SERVICE_ALL,
                              ITEMSEAL_LAB_OUTAGE_MODE_REFUSE, nullptr, &error), error);
    std::cout << "with us-east-1 down: " << virginia.decrypt(stored).get_string("Card") << '\n';

    // With both down it says so, and that it is worth trying again.
    check(itemseal_lab_outage(lab.get(), ITEMSEAL_LAB_STR("eu-west-1"), ITEMSEAL_LAB_SERVICE_KMS, 503, nullptr, &error), error);
    try {
        virginia.decrypt(stored);
    } catch (const itemseal::error &failure) {
        std::cout << "with both down: " << failure.what() << '\n';
        return failure.retryable() ? 0 : 1;
    }
    return 1;
} catch (const std::exception &failure) {
    std::cerr << failure.what() << '\n';
    return 1;
}
