// The program wraps keys itself: here a toy "key service" stands for the program's own HSM or KMS.

#include <atomic>
#include <cstdint>
#include <iostream>
#include <memory>

#include <itemseal.hpp>

// Its functions run on several threads at the same time: what they change is atomic, the rest never changes.
class toy_service final : public itemseal::key_provider {
public:
    // No encryption: it authenticates nothing, and shows how the functions are called. A real service binds the context too.
    wrapped_key wrap_key(itemseal::bytes_view key, const itemseal::context_view &) override {
        ++calls;
        wrapped_key made{{'v', '1'}, {}};
        for (std::size_t i = 0; i < key.size(); ++i) {
            made.wrapped.push_back(static_cast<std::uint8_t>(key[i] ^ secret_[i]));
        }
        return made;
    }

    // `info` and `wrapped` come from the table: whoever can write it chooses them.
    plain_key unwrap_key(itemseal::bytes_view info, itemseal::bytes_view wrapped, const itemseal::context_view &) override {
        if (is_down) {
            throw itemseal::error(ITEMSEAL_STATUS_KEY_UNAVAILABLE, "the key service does not answer");
        }
        plain_key key{};
        if (info.size() != 2 || info[0] != 'v' || info[1] != '1' || wrapped.size() != key.size()) {
            throw itemseal::error(ITEMSEAL_STATUS_AUTHENTICATION, "not wrapped here");
        }
        ++calls;
        for (std::size_t i = 0; i < key.size(); ++i) {
            key[i] = static_cast<std::uint8_t>(wrapped[i] ^ secret_[i]);
        }
        return key;
    }

    std::atomic<int> calls{0};
    std::atomic<bool> is_down{false};

private:
    const plain_key secret_{1, 2, 3};
};

int main() try {
    const auto service = std::make_shared<toy_service>();
    itemseal::config_builder table("Orders");
    table.partition_key("OrderID");
    const itemseal::encryptor encryptor(table.build(), itemseal::keyring::callback("example", service));

    itemseal::item order;
    order.set("OrderID", "1");
    order.set("Card", "4111 1111");
    const itemseal::item stored = encryptor.encrypt(order);
    std::cout << "opened: " << encryptor.decrypt(stored).get_string("Card") << ", by " << service->calls << " calls\n";

    service->is_down = true;
    try {
        encryptor.decrypt(stored);
    } catch (const itemseal::error &error) {
        std::cout << "without the service: " << error.what() << '\n';
        return error.retryable() && error.status() == ITEMSEAL_STATUS_KEY_UNAVAILABLE ? 0 : 1;
    }
    return 1;
} catch (const itemseal::error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
