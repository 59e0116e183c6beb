// What itemseal.hpp adds where AWS or the program is asked: tables through the lab, the log, and a key service that fails.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include <itemseal.hpp>
#include <itemseal_lab.h>

static void expect(bool holds, const char *what, int line) {
    if (!holds) {
        std::fprintf(stderr, "tables.cpp:%d: %s does not hold\n", line, what);
        std::exit(EXIT_FAILURE);
    }
}
#define EXPECT(...) expect((__VA_ARGS__), #__VA_ARGS__, __LINE__)
#define LAB(...) EXPECT((__VA_ARGS__) == ITEMSEAL_LAB_STATUS_OK)

template <class Call> static itemseal::error failure(Call call) {
    try {
        call();
    } catch (const itemseal::error &error) {
        return error;
    }
    expect(false, "a failure", 0);
    std::abort();
}

static itemseal::config config() {
    itemseal::config_builder builder("Orders");
    builder.partition_key("Id");
    builder.action("Version", itemseal::action::sign_only);
    return builder.build();
}

static itemseal::item key(std::string_view id) {
    itemseal::item key;
    key.set("Id", id);
    return key;
}

static void tables(const std::string &endpoint) {
    itemseal::aws_builder builder;
    builder.endpoint_url(endpoint);
    builder.credentials(ITEMSEAL_LAB_ACCESS_KEY, ITEMSEAL_LAB_ACCESS_KEY);
    const auto aws = builder.build();
    const std::vector<std::uint8_t> secret(32, 1);
    itemseal::table_builder opening("Orders", config(), itemseal::keyring::raw_aes("n", "k", secret));
    opening.regions({"us-east-1", "eu-west-1"});
    opening.version_attribute("Orders", "Version");
    const auto table = opening.open(&aws);

    EXPECT(!table.get("Orders", key("1")).has_value());
    for (const char *id : {"1", "2", "3"}) {
        auto item = key(id);
        item.set("Card", "4111");
        EXPECT(table.put("Orders", item) == 1);
    }
    EXPECT(table.get("Orders", key("1"), true)->get_string("Card") == "4111");
    EXPECT(failure([&] { table.put("Orders", key("1")); }).status() == ITEMSEAL_STATUS_CONFLICT);

    const auto changed = table.update("Orders", key("2"), [](itemseal::item &item, bool found) {
        item.set("Card", found ? "4222" : "none");
        return true;
    });
    EXPECT(changed->get_string("Card") == "4222" && changed->get_number("Version") == "2");
    // What is thrown inside comes out as it was, and nothing is written.
    bool thrown = false;
    try {
        table.update("Orders", key("2"), [](itemseal::item &item, bool) -> bool {
            item.set("Card", "lost");
            throw std::out_of_range("the program's own");
        });
    } catch (const std::out_of_range &own) {
        thrown = std::string(own.what()) == "the program's own";
    }
    EXPECT(thrown && table.get("Orders", key("2"), true)->get_string("Card") == "4222");

    table.remove("Orders", key("3"));
    auto found = table.scan(R"({"TableName":"Orders","ConsistentRead":true})", 2);
    int count = 0;
    while (const auto item = found.next()) {
        EXPECT(item->contains("Card"));
        ++count;
    }
    EXPECT(count == 2);
    const auto answer = table.call(itemseal::operation::get_item, R"({"TableName":"Orders","Key":{"Id":{"S":"1"}},"ConsistentRead":true})");
    EXPECT(answer.text().find("4111") != std::string_view::npos && answer.text().find("us-east-1") != std::string_view::npos);
}

static void the_log(const std::string &endpoint) {
    std::mutex lock;
    std::vector<std::string> lines;
    itemseal::set_log(itemseal::log_level::debug, [&](itemseal::log_level, std::string_view line) {
        const std::lock_guard<std::mutex> held(lock);
        lines.emplace_back(line);
    });
    tables(endpoint);
    itemseal::set_log(itemseal::log_level::debug, nullptr);
    EXPECT(std::any_of(lines.begin(), lines.end(), [](const auto &line) { return line.find("us-east-1") != std::string::npos; }));
    EXPECT(std::none_of(lines.begin(), lines.end(), [](const auto &line) { return line.find("4111") != std::string::npos; }));
}

class service final : public itemseal::key_provider {
public:
    explicit service(std::atomic<int> &alive) : alive_(alive) { ++alive_; }
    ~service() override { --alive_; }
    wrapped_key wrap_key(itemseal::bytes_view key, const itemseal::context_view &context) override {
        context_is_passed = std::any_of(context.begin(), context.end(), [](const auto &entry) { return entry.second == "Orders"; });
        wrapped_key made{{1}, {key.begin(), key.end()}};
        for (auto &byte : made.wrapped) byte ^= 0xff;
        return made;
    }
    plain_key unwrap_key(itemseal::bytes_view, itemseal::bytes_view wrapped, const itemseal::context_view &) override {
        if (fails == 1) throw std::runtime_error("its own reason");
        if (fails == 2) throw 7;
        plain_key key{};
        std::transform(wrapped.begin(), wrapped.end(), key.begin(), [](auto byte) { return static_cast<std::uint8_t>(byte ^ 0xff); });
        return key;
    }
    int fails = 0;
    bool context_is_passed = false;

private:
    std::atomic<int> &alive_;
};

static void the_programs_keys() {
    std::atomic<int> alive{0};
    {
        auto keys = std::make_shared<service>(alive);
        const itemseal::encryptor encryptor(config(), itemseal::keyring::callback("mine", keys));
        const auto stored = encryptor.encrypt(key("1"));
        EXPECT(keys->context_is_passed && encryptor.decrypt(stored).get_string("Id") == "1");
        keys->fails = 1;
        const auto told = failure([&] { encryptor.decrypt(stored); });
        EXPECT(told.status() == ITEMSEAL_STATUS_INTERNAL && std::string(told.what()).find("its own reason") != std::string::npos);
        keys->fails = 2;
        EXPECT(failure([&] { encryptor.decrypt(stored); }).status() == ITEMSEAL_STATUS_INTERNAL);
        keys->fails = 0;
        keys.reset();
        EXPECT(alive == 1 && encryptor.decrypt(stored).get_string("Id") == "1");
        // One that could not be made frees what it was given.
        EXPECT(failure([&] { itemseal::keyring::callback("aws-kms", std::make_shared<service>(alive)); }).status() != ITEMSEAL_STATUS_OK);
        EXPECT(failure([&] { itemseal::keyring::callback("none", nullptr); }).status() == ITEMSEAL_STATUS_INVALID_ARGUMENT);
    }
    EXPECT(alive == 0);
}

int main() {
    itemseal_lab_builder *builder = nullptr;
    itemseal_lab *lab = nullptr;
    const itemseal_lab_text regions[] = {ITEMSEAL_LAB_TEXT("us-east-1"), ITEMSEAL_LAB_TEXT("eu-west-1")};
    LAB(itemseal_lab_builder_new(&builder, nullptr));
    for (const auto &region : regions) {
        LAB(itemseal_lab_builder_region(builder, region.data, region.length, nullptr));
    }
    LAB(itemseal_lab_start(builder, &lab, nullptr));
    LAB(itemseal_lab_create_table(lab, ITEMSEAL_LAB_STR("Orders"), ITEMSEAL_LAB_STR("Id"), ITEMSEAL_LAB_KEY_TYPE_STRING, nullptr, 0, 0,
                                  regions, 2, nullptr));
    the_log(itemseal_lab_endpoint(lab));
    the_programs_keys();
    itemseal_lab_free(lab);
    itemseal_lab_builder_free(builder);
    std::puts("itemseal.hpp with AWS and keys of the program's: all hold");
    return EXIT_SUCCESS;
}
