// An item is encrypted under a key that the program has, and opened again.

#include <cstdint>
#include <iostream>
#include <vector>

#include <itemseal.hpp>

int main() try {
    // What is not named is encrypted and signed.
    itemseal::config_builder table("Orders");
    table.partition_key("OrderID");
    table.action("Status", itemseal::action::sign_only);

    // A program reads its key from where only it can.
    const std::vector<std::uint8_t> key(32, 7);
    const itemseal::encryptor encryptor(table.build(), itemseal::keyring::raw_aes("example", "key-1", key));

    auto address = itemseal::value::map();
    address.set("City", "Berlin");
    address.set("Floor", 3);
    itemseal::item order;
    order.set("OrderID", "12345");
    order.set("Status", "Shipped");
    order.set("Total", itemseal::number("99.95"));
    order.set("Tags", itemseal::string_set{{"gift", "fragile"}});
    order.set("Address", std::move(address));

    itemseal::item stored = encryptor.encrypt(order);
    std::cout << "stored: Total is " << stored.get_binary("Total").size() << " bytes, Status is "
              << stored.get_string("Status") << '\n';

    const itemseal::item opened = encryptor.decrypt(stored);
    for (const auto &[name, value] : opened) {
        std::cout << "opened: " << name << " is of type " << static_cast<unsigned>(value.type()) << '\n';
    }
    std::cout << "opened: City is " << opened.get("Address").get("City").string() << '\n';

    // What was altered does not open.
    stored.set("Status", "Paid");
    try {
        encryptor.decrypt(stored);
    } catch (const itemseal::error &error) {
        std::cout << "altered: " << error.what() << '\n';
        return error.status() == ITEMSEAL_STATUS_AUTHENTICATION ? 0 : 1;
    }
    return 1;
} catch (const itemseal::error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
