#include "cli/iso20022/xml_element.hpp"

#include <gtest/gtest.h>

namespace sluice::cli::iso20022 {
namespace {

std::string code(std::string_view text, XmlLimits limits = {}) {
    const auto read = read_xml(text, limits);
    return read ? "" : read.error().code;
}

TEST(XmlElement, names_texts_and_namespaces_are_resolved) {
    const auto read = read_xml(
        "\xEF\xBB\xBF<?xml version='1.0'?><!-- c --><a xmlns='u' xmlns:p='v'>"
        "<p:b k='1'>x &amp; &#233;<![CDATA[<y>]]></p:b></a>",
        {});
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->name_space, "u");
    const auto* child = read->find("b");
    ASSERT_NE(child, nullptr);
    EXPECT_EQ(child->name_space, "v");
    EXPECT_EQ(child->text, "x & \xC3\xA9<y>");
    EXPECT_EQ(child->attributes.at(0).value, "1");
}

TEST(XmlElement, what_declares_or_commands_is_forbidden) {
    EXPECT_EQ(code("<!DOCTYPE a><a/>"), "XmlForbidden");
    EXPECT_EQ(code("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"), "XmlForbidden");
    EXPECT_EQ(code("<a>&x;</a>"), "XmlForbidden");
    EXPECT_EQ(code("<a k='&x;'/>"), "XmlForbidden");
    EXPECT_EQ(code("<a>&#0;</a>"), "XmlForbidden");
    EXPECT_EQ(code("<a><?run me?></a>"), "XmlForbidden");
    EXPECT_EQ(code("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"), "XmlForbidden");
}

TEST(XmlElement, what_is_not_well_formed_is_refused) {
    for (const auto* text :
         {"", " ", "x", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a/>x", "<a", "<a k=1/>", "<a k='1' k='2'/>",
          "<a k='<'/>", "<a>x<b/></a>", "<p:a/>", "<a>& </a>", "<!-- <a/>", "<a><![CDATA[x</a>", "<1/>"})
        EXPECT_EQ(code(text), "XmlNotWellFormed") << text;
}

TEST(XmlElement, bytes_are_utf_8_without_control_characters) {
    for (const auto* text :
         {"<a>\xC3</a>", "<a>\xC0\x80</a>", "<a>\xED\xA0\x80</a>", "<a>\xF5\x80\x80\x80</a>", "<a>\x01</a>"})
        EXPECT_EQ(code(text), "XmlNotWellFormed");
    EXPECT_EQ(code(std::string_view("<a>\0</a>", 8)), "XmlNotWellFormed");
}

TEST(XmlElement, size_depth_and_attributes_are_bounded) {
    EXPECT_EQ(code("<a>xxxxxxxx</a>", {.bytes_max = 10}), "TooLarge");
    EXPECT_EQ(code("<a><a><a/></a></a>", {.depth_max = 2}), "XmlForbidden");
    EXPECT_EQ(code("<a><a><a/></a></a>", {.depth_max = 3}), "");
    EXPECT_EQ(code("<a b='' c=''/>", {.attributes_max = 1}), "XmlForbidden");
    std::string deep;
    for (int i = 0; i < 30'000; ++i)
        deep += "<a>";
    EXPECT_EQ(code(deep), "XmlForbidden");
}

}  // namespace
}  // namespace sluice::cli::iso20022
