// What itemseal.hpp adds to itemseal.h: ownership, views, iteration and failures. Compiled with and without exceptions.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <type_traits>
#include <vector>

#include <itemseal.hpp>

using namespace std::string_literals;

static void expect(bool holds, const char *what, int line) {
    if (!holds) {
        std::fprintf(stderr, "wrapper.cpp:%d: %s does not hold\n", line, what);
        std::exit(EXIT_FAILURE);
    }
}
#define EXPECT(...) expect((__VA_ARGS__), #__VA_ARGS__, __LINE__)

// The same tests for both ways of failing: what succeeds, and the status of what fails.
#ifdef ITEMSEAL_NO_EXCEPTIONS
template <class T> static T ok(itemseal::result<T> result) {
    EXPECT(result.has_value());
    return std::move(result).value();
}
template <class Call> static itemseal::error failure(Call call) {
    auto result = call();
    EXPECT(!result);
    return result.error();
}
#define OK(...) ok(__VA_ARGS__)
#else
template <class Call> static itemseal::error failure(Call call) {
    try {
        call();
    } catch (const itemseal::error &error) {
        return error;
    }
    expect(false, "a failure", 0);
    std::abort();
}
#define OK(...) __VA_ARGS__
#endif

template <class T> constexpr bool owns = std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T> &&
    !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;
static_assert(owns<itemseal::item> && owns<itemseal::value> && owns<itemseal::buffer> && owns<itemseal::config>);
static_assert(owns<itemseal::config_builder> && owns<itemseal::config_file> && owns<itemseal::keyring>);
static_assert(owns<itemseal::encryptor> && owns<itemseal::description>);

static itemseal::encryptor make() {
    auto table = OK(itemseal::config_builder::make("Orders"));
    OK(table.partition_key("Id"));
    OK(table.sort_key("At"));
    OK(table.action("Status", itemseal::action::sign_only));
    OK(table.unsigned_prefix(":"));
    OK(table.suite(itemseal::suite::hmac_only));
    const std::array<std::uint8_t, 32> key{1, 2, 3};
    const auto one = OK(itemseal::keyring::raw_aes("space", "one", key));
    const auto two = OK(itemseal::keyring::raw_aes("space", "two", itemseal::bytes_view(key.data(), 16)));
    const auto both = OK(itemseal::keyring::multi({&one, &two}));
    const auto config = OK(table.build());
    EXPECT(OK(config.logical_name()) == "Orders");
    return OK(itemseal::encryptor::make(config, both));
}

static itemseal::item every_type() {
    auto item = OK(itemseal::item::make());
    OK(item.set("Id", "1"));
    OK(item.set("At", -5));
    OK(item.set("Status", "new"s));
    OK(item.set("Huge", std::uint64_t{18446744073709551615U}));
    OK(item.set("Exact", itemseal::number("0.10")));
    OK(item.set("Yes", true));
    OK(item.set("None", nullptr));
    OK(item.set("Bytes", std::vector<std::uint8_t>{0, 255}));
    OK(item.set("Strings", itemseal::string_set{{"a", "b"}}));
    OK(item.set("Numbers", itemseal::number_set{{itemseal::number(1), itemseal::number("2.5")}}));
    OK(item.set("Binaries", itemseal::binary_set{{{1}, {2, 3}}}));
    auto list = OK(itemseal::value::list());
    OK(list.push("text"));
    OK(list.push(7));
    OK(list.push(nullptr));
    auto map = OK(itemseal::value::map());
    OK(map.set("list", std::move(list)));
    OK(map.set("no", false));
    EXPECT(OK(OK(map.view()).size()) == 2);
    OK(item.set("Map", std::move(map)));
    return item;
}

static void types_are_kept() {
    const auto encryptor = make();
    const auto stored = OK(encryptor.encrypt(every_type()));
    EXPECT(OK(stored.get_string("Status")) == "new");
    EXPECT(OK(OK(stored.get("Yes")).type()) == itemseal::type::binary);
    const auto item = OK(encryptor.decrypt(stored));
    EXPECT(OK(item.get_number("At")) == "-5");
    EXPECT(OK(item.get_number("Huge")) == "18446744073709551615");
    EXPECT(OK(item.get_number("Exact")) == "0.1");
    EXPECT(OK(item.get_bool("Yes")));
    EXPECT(OK(OK(item.get("None")).type()) == itemseal::type::null);
    const auto bytes = OK(item.get_binary("Bytes"));
    EXPECT(bytes.size() == 2 && bytes[1] == 255 && std::vector<std::uint8_t>(bytes.begin(), bytes.end()).size() == 2);
    EXPECT(OK(OK(item.get("Strings")).text_at(1)) == "b");
    EXPECT(OK(OK(item.get("Numbers")).size()) == 2);
    EXPECT(OK(OK(item.get("Binaries")).binary_at(1)).size() == 2);
    const auto map = OK(item.get("Map"));
    EXPECT(OK(OK(OK(map.get("list")).at(0)).string()) == "text");
    EXPECT(OK(OK(OK(map.get("list")).at(1)).number()) == "7");
    std::string names;
    for (const auto &[name, value] : OK(map.entries())) {
        names += std::string(name) + (OK(value.type()) == itemseal::type::boolean ? "?" : "") + " ";
    }
    EXPECT(names == "list no? ");
    std::size_t count = 0;
    for (const auto &attribute : item) {
        EXPECT(item.contains(attribute.name));
        ++count;
    }
    EXPECT(count == OK(item.size()) && count == 12 && OK(item.size_bytes()) > 50);
    for (const auto &attribute : OK(itemseal::item::make())) {
        EXPECT(attribute.name.empty() && false);
    }
    auto copy = OK(item.clone());
    OK(copy.set("Again", OK(itemseal::value::copy_of(map))));
    OK(copy.remove("Map"));
    EXPECT(!copy.contains("Map") && item.contains("Map") && copy.contains("Again"));
}

static void other_forms() {
    const auto encryptor = make();
    const auto json = OK(encryptor.encrypt_json(R"({"Id":{"S":"1"},"At":{"N":"2"},"Card":{"S":"4111"}})"));
    const auto stored = OK(itemseal::item::from_json(json.text()));
    EXPECT(OK(encryptor.decrypt_json(json.text())).text().find("4111") != std::string_view::npos && OK(stored.size()) == 5);
    const auto cbor = OK(stored.to_cbor());
    const auto opened = OK(encryptor.decrypt_cbor(cbor.bytes()));
    EXPECT(OK(OK(itemseal::item::from_cbor(opened.bytes())).get_string("Card")) == "4111");
    EXPECT(!OK(encryptor.encrypt_cbor(opened.bytes())).bytes().empty());
    const auto description = OK(itemseal::description::of(stored));
    EXPECT(OK(description.numbers()).data_keys == 2 && OK(description.numbers()).suite == ITEMSEAL_SUITE_HMAC_ONLY);
    EXPECT(OK(description.data_key(0)).provider == "space" && !OK(description.data_key(1)).key.empty());

    std::vector<itemseal::item> items;
    for (int id = 0; id < 20; ++id) {
        items.push_back(OK(itemseal::item::make()));
        OK(items.back().set("Id", std::to_string(id)));
        OK(items.back().set("At", id));
    }
    auto sealed = OK(encryptor.encrypt(items));
    EXPECT(OK(OK(encryptor.decrypt(sealed)).at(19).get_string("Id")) == "19");
    OK(sealed.at(7).set("At", 99));
    std::size_t failed = 0;
    const auto altered = failure([&] { return encryptor.decrypt(sealed, &failed); });
    EXPECT(altered.status() == ITEMSEAL_STATUS_AUTHENTICATION && failed == 7);
}

static void failures_are_told() {
    const auto item = every_type();
    const auto missing = failure([&] { return item.get("Nothing"); });
    EXPECT(missing.status() == ITEMSEAL_STATUS_NOT_FOUND && std::string(missing.what()).size() > 5);
    EXPECT(failure([&] { return item.get_string("At"); }).status() == ITEMSEAL_STATUS_WRONG_TYPE);
    EXPECT(failure([] { return itemseal::item::from_json("{"); }).status() == ITEMSEAL_STATUS_MALFORMED);
    auto twice = OK(itemseal::config_builder::make("T"));
    OK(twice.partition_key("Id"));
    OK(twice.action("Id", itemseal::action::do_nothing));
    const auto wrong = failure([&] { return twice.build(); });
    const auto copy = wrong;
    EXPECT(copy.attribute() == "Id" && copy.region().empty() && copy.code().empty() && !copy.retryable());
    EXPECT(failure([] { return itemseal::config_file::parse("no toml"); }).status() == ITEMSEAL_STATUS_MISUSE);
}

static void moved_from_is_empty() {
    auto from = every_type();
    auto to = std::move(from);
    EXPECT(failure([&] { return from.size(); }).status() == ITEMSEAL_STATUS_INVALID_ARGUMENT);
    EXPECT(from.raw() == nullptr && OK(to.size()) == 12);
    from = std::move(to);
    EXPECT(OK(from.size()) == 12);
    itemseal::item *self = &from;
    from = std::move(*self);
    EXPECT(OK(from.size()) == 12);
    itemseal_item *raw = from.release();
    from = itemseal::item(raw);
    EXPECT(OK(from.size()) == 12);
}

int main() {
    EXPECT(itemseal::is_compatible() && !itemseal::version().empty());
    types_are_kept();
    other_forms();
    failures_are_told();
    moved_from_is_empty();
    std::puts("itemseal.hpp: all hold");
    return EXIT_SUCCESS;
}
