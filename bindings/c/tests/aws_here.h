/*
 * What answers as AWS does where a program needs a handle that asks it, and no lab: one thread that serves 127.0.0.1. It has two
 * tables, Orders and Keys, which are empty and stay so; it has no keys. What it does not know it refuses, so that nothing is tried again.
 */
#ifndef ITEMSEAL_TESTS_AWS_HERE_H
#define ITEMSEAL_TESTS_AWS_HERE_H

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HERE_CONNECTIONS = 64, HERE_REQUEST = 16384 };

struct aws_here {
    int listens, ends[2];
    pthread_t thread;
    char url[64];
    unsigned long requests;
};

/* By what the request names, the last that fits. */
static const struct {
    const char *operation, *answer;
} here_answers[] = {
    {".DescribeTable\r", "{\"Table\":{\"TableName\":\"Orders\",\"TableStatus\":\"ACTIVE\","
                         "\"KeySchema\":[{\"AttributeName\":\"OrderID\",\"KeyType\":\"HASH\"}]}}"},
    {".DescribeTimeToLive\r", "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"DISABLED\"}}"},
    {".CreateTable\r", "{\"TableDescription\":{\"TableName\":\"Orders\",\"TableStatus\":\"CREATING\"}}"},
    {".GetItem\r", "{}"},
    {".PutItem\r", "{}"},
    {".DeleteItem\r", "{}"},
    {".Query\r", "{\"Items\":[],\"Count\":0,\"ScannedCount\":0}"},
    {".Scan\r", "{\"Items\":[],\"Count\":0,\"ScannedCount\":0}"},
};

/* A key store looks at the table that it makes. */
static const char here_store[] =
    "{\"Table\":{\"TableName\":\"Keys\",\"TableStatus\":\"ACTIVE\",\"KeySchema\":[{\"AttributeName\":\"branch-key-id\","
    "\"KeyType\":\"HASH\"},{\"AttributeName\":\"type\",\"KeyType\":\"RANGE\"}],\"AttributeDefinitions\":[{\"AttributeName\":"
    "\"branch-key-id\",\"AttributeType\":\"S\"},{\"AttributeName\":\"type\",\"AttributeType\":\"S\"}]}}";

/* The whole length of the request at the start of `bytes`, or 0 if it is not all there. */
static size_t here_whole(const char *bytes, size_t length) {
    const char *end = strstr(bytes, "\r\n\r\n");
    if (end == NULL) return 0;
    size_t whole = (size_t)(end - bytes) + 4;
    for (const char *line = bytes; line < end; line = strstr(line, "\r\n") + 2) {
        static const char name[] = "content-length:";
        size_t at = 0;
        while (name[at] != '\0' && (line[at] | 0x20) == (name[at] | 0x20)) at++;
        if (name[at] == '\0') whole += strtoul(line + at, NULL, 10);
    }
    return whole <= length ? whole : 0;
}

static void here_answer(int to, const char *request) {
    const char *status = "400 Bad Request", *body = "{\"__type\":\"ValidationException\",\"message\":\"not here\"}";
    for (size_t n = 0; n < sizeof here_answers / sizeof *here_answers; n++) {
        if (strstr(request, here_answers[n].operation) != NULL) status = "200 OK", body = here_answers[n].answer;
    }
    if (strstr(request, ".DescribeTable\r") != NULL && strstr(request, "\"TableName\":\"Keys\"") != NULL) body = here_store;
    char answer[1024];
    int length = snprintf(answer, sizeof answer,
                          "HTTP/1.1 %s\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %zu\r\n\r\n%s", status,
                          strlen(body), body);
    for (ssize_t sent = 0, more; sent < length; sent += more) {
        more = send(to, answer + sent, (size_t)(length - sent), MSG_NOSIGNAL);
        if (more <= 0) return;
    }
}

static void *here_serves(void *userdata) {
    struct aws_here *aws = (struct aws_here *)userdata;
    struct pollfd polled[HERE_CONNECTIONS + 2];
    char *read_of[HERE_CONNECTIONS + 2];
    size_t length_of[HERE_CONNECTIONS + 2];
    nfds_t count = 2;
    polled[0].fd = aws->ends[0], polled[1].fd = aws->listens;
    polled[0].events = polled[1].events = POLLIN;
    for (;;) {
        if (poll(polled, count, -1) < 0) continue;
        if (polled[0].revents != 0) break;
        for (nfds_t n = count - 1; n >= 2; n--) {
            if (polled[n].revents == 0) continue;
            ssize_t more = recv(polled[n].fd, read_of[n] + length_of[n], HERE_REQUEST - 1 - length_of[n], 0);
            if (more <= 0) {
                close(polled[n].fd);
                free(read_of[n]);
                count--;
                polled[n] = polled[count], read_of[n] = read_of[count], length_of[n] = length_of[count];
                continue;
            }
            length_of[n] += (size_t)more;
            read_of[n][length_of[n]] = '\0';
            for (size_t whole; (whole = here_whole(read_of[n], length_of[n])) > 0;) {
                aws->requests++;
                here_answer(polled[n].fd, read_of[n]);
                length_of[n] -= whole;
                memmove(read_of[n], read_of[n] + whole, length_of[n] + 1);
            }
        }
        if (polled[1].revents != 0 && count < HERE_CONNECTIONS + 2) {
            polled[count].fd = accept(aws->listens, NULL, NULL);
            if (polled[count].fd < 0) continue;
            polled[count].events = POLLIN, polled[count].revents = 0;
            read_of[count] = (char *)malloc(HERE_REQUEST), length_of[count] = 0;
            if (read_of[count] == NULL) abort();
            count++;
        }
    }
    while (count-- > 2) {
        close(polled[count].fd);
        free(read_of[count]);
    }
    return NULL;
}

/* Begins, and points the process's own AWS configuration there: before there are other threads. */
static void aws_here_begins(struct aws_here *aws) {
    struct sockaddr_in at;
    socklen_t size = sizeof at;
    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    aws->requests = 0;
    aws->listens = socket(AF_INET, SOCK_STREAM, 0);
    if (aws->listens < 0 || bind(aws->listens, (struct sockaddr *)&at, size) != 0 || listen(aws->listens, 16) != 0) abort();
    if (getsockname(aws->listens, (struct sockaddr *)&at, &size) != 0 || pipe(aws->ends) != 0) abort();
    snprintf(aws->url, sizeof aws->url, "http://127.0.0.1:%d", (int)ntohs(at.sin_port));
    setenv("AWS_ENDPOINT_URL", aws->url, 1);
    setenv("AWS_REGION", "eu-west-1", 1);
    setenv("AWS_ACCESS_KEY_ID", "tests", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "tests", 1);
    setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    if (pthread_create(&aws->thread, NULL, here_serves, aws) != 0) abort();
}

static void aws_here_ends(struct aws_here *aws) {
    if (write(aws->ends[1], "", 1) != 1 || pthread_join(aws->thread, NULL) != 0) abort();
    close(aws->listens);
    close(aws->ends[0]);
    close(aws->ends[1]);
}

#endif
